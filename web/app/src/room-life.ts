import { useCallback, useEffect, useRef, useState } from "react";
import type { StepcastEvents } from "@stepcast/client";
import type { RoomMember, RoomView } from "@stepcast/client/http";
import { useConnection, type UseRoom } from "@stepcast/client/react";
import { api } from "./session";

/** Who is here is known from our connection; this only sets clocks and seats right again. */
const HEARTBEAT_MS = 60_000;
const TYPING_TOLD_MS = 3_000;
const TYPING_LASTS_MS = 5_000;

/** What is told of each other beside the messages: who is here, who types, who has read how far. */
export function useRoomLife(id: string, room: UseRoom) {
  const joined = room.phase === "joined";
  const connection = useConnection<StepcastEvents>();
  const [view, setView] = useState<RoomView>();
  const [typing, setTyping] = useState<Record<string, number>>({});
  const told = useRef(0);

  // Nothing here is worth a complaint: the next heartbeat says it again.
  const look = useCallback(() => void api.here(id).then(setView, () => {}), [id]);

  useEffect(() => {
    if (!joined) return;
    look();
    const beat = setInterval(look, HEARTBEAT_MS);
    const away = () => {
      const init = { method: "POST", headers: { "Content-Type": "application/json" }, keepalive: true };
      void fetch(`/api/rooms/${id}/here`, { ...init, body: '{"here":false}' }).catch(() => {});
    };
    const back = () => document.hidden || look();
    addEventListener("pagehide", away);
    document.addEventListener("visibilitychange", back);
    return () => {
      clearInterval(beat);
      removeEventListener("pagehide", away);
      document.removeEventListener("visibilitychange", back);
    };
  }, [id, joined, look]);

  useEffect(() => {
    if (!joined) return;
    const change = (member: string, to: Partial<RoomMember>) =>
      setView((old) =>
        old && { ...old, members: old.members?.map((one) => (one.member === member ? { ...one, ...to } : one)) },
      );
    const subscription = connection.subscribe([id], {
      onEvent({ event, data }) {
        if (event === "chat.join" || event === "chat.leave" || event === "chat.lock") look();
        if (event === "chat.message") setTyping((all) => ({ ...all, [data.member]: 0 }));
      },
      onEphemeral({ event, data }) {
        const { id: who, member, typing: types, here, sequence } = data as Record<string, any>;
        if (event === "realtime.join" || event === "realtime.leave") {
          change(who, { here: event === "realtime.join" });
        }
        if (event === "chat.typing") {
          setTyping((all) => ({ ...all, [member]: types ? Date.now() + TYPING_LASTS_MS : 0 }));
        }
        if (event === "chat.presence") {
          change(member, { here });
          // Another window of ours was closed, and this one is open.
          if (!here && member === room.member && !document.hidden) look();
        }
        if (event === "chat.read") change(member, { read: sequence });
      },
    });
    return () => subscription.close();
  }, [connection, id, joined, look, room.member]);

  // From the answer on we hear who comes and goes; each new connection must ask anew.
  const live = joined && room.status === "connected";
  useEffect(() => {
    if (!live) return;
    look();
    void connection.presence(id).catch(() => {});
  }, [connection, id, live, look]);

  useEffect(() => {
    const next = Math.min(...Object.values(typing).filter((until) => until > Date.now()));
    if (next === Infinity) return;
    const timer = setTimeout(() => setTyping((all) => ({ ...all })), next - Date.now() + 50);
    return () => clearTimeout(timer);
  }, [typing]);

  const last = room.messages.findLast((message) => message.sequence && !message.mine)?.sequence;
  useEffect(() => {
    if (!joined || !last) return;
    const read = () => {
      if (document.hidden) return;
      document.removeEventListener("visibilitychange", read);
      void api.read(id, last).catch(() => {});
    };
    document.addEventListener("visibilitychange", read);
    read();
    return () => document.removeEventListener("visibilitychange", read);
  }, [id, joined, last]);

  const members = view?.members ?? [];
  const others = members.filter(({ member }) => member !== room.member);
  return {
    members,
    others,
    locked: view?.locked ?? room.locked ?? false,
    owner: members.some(({ member, owner }) => owner && member === room.member),
    typing: others.filter(({ member }) => (typing[member] ?? 0) > Date.now()).map(({ alias }) => alias),
    /** Tells that we type, at most every few seconds. */
    type() {
      if (Date.now() - told.current < TYPING_TOLD_MS) return;
      told.current = Date.now();
      void api.typing(id).catch(() => {});
    },
    lock: (locked: boolean) => void api.lock(id, locked).then(look, () => {}),
    kick: (member: string) => void api.kick(id, member).then(look, () => {}),
  };
}

export type RoomLife = ReturnType<typeof useRoomLife>;
