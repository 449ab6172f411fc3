import { useEffect, useMemo, useState, type Dispatch, type SetStateAction } from "react";
import type { StepcastEvents } from "../index.js";
import type { RoomJoined, RoomMessagePosted, RoomView } from "../generated/http.js";
import { caller } from "../http/call.js";
import { ProblemError, type Problem } from "../problem.js";
import { useRealtime, type RealtimeState } from "./realtime.js";

export interface RoomMessage {
  /** The author's own id; there from the first moment. */
  clientId: string;
  sender: string;
  /** Its id in the room; absent until the room took it. */
  id?: string;
  /** Id of the author; absent until the room took it. */
  member?: string;
  text: string;
  /** When the room took it; until then the moment of sending, by the server's clock. */
  timestamp: number;
  /** When its author last changed it. */
  editedAt?: number;
  /** Its place in the room; absent until the room took it. */
  sequence?: number;
  state: "sending" | "sent" | "failed";
  mine: boolean;
}

export interface Room {
  /**
   * `open`: there is a room, and no seat was taken yet. `full`, `unknown`, `expired`, `destroyed`,
   * `left`: nothing to be done here. `error`: see `problem`.
   */
  phase: "loading" | "open" | "joined" | "full" | "unknown" | "expired" | "destroyed" | "left" | "error";
  /** The last no of the server. */
  problem?: Problem;
  /** Who we are, once we have a seat. */
  member?: string;
  alias?: string;
  name?: string;
  seats?: number;
  taken?: number;
  /** Whether joining needs a passcode, is closed, and whether texts are encrypted end to end. */
  passcode?: boolean;
  locked?: boolean;
  encrypted?: boolean;
  /** By the server's clock. */
  expiresAt?: number;
  /** What the room took, in its order, then what is on its way. */
  messages: RoomMessage[];
}

export interface UseRoom extends Room {
  status: RealtimeState["status"];
  /** The server's clock, ms. */
  now: () => number;
  join: (alias?: string, passcode?: string) => Promise<void>;
  /** Shows the message at once and sends it; with its `clientId` again it is a retry, never a second one. */
  send: (text: string, clientId?: string) => Promise<void>;
  leave: () => Promise<void>;
  destroy: () => Promise<void>;
}

type Rooms = Record<string, Room>;

const empty: Room = { phase: "loading", messages: [] };

const PHASES: Record<string, Room["phase"]> = {
  "room-unknown": "unknown",
  "room-full": "full",
  "room-gone": "expired",
};

/** A room: look, take a seat, talk, and see it end. Who has a seat already takes it again. */
export function useRoom(roomId: string, { url }: { url?: string } = {}): UseRoom {
  const [rooms, setRooms] = useState<Rooms>({});
  const room = rooms[roomId] ?? empty;
  const { enter, change, put, ...actions } = useMemo(
    () => actionsOf(roomId, url, setRooms),
    [roomId, url],
  );

  useEffect(() => void enter(), [enter]);

  const { status, problem } = useRealtime<StepcastEvents>({
    channels: [roomId],
    enabled: room.phase === "joined",
    history: true,
    onData({ event, data }) {
      if (event === "chat.message" || event === "chat.edit") {
        put({ clientId: data.id, ...data, mine: data.member === room.member, state: "sent" });
      } else if (event === "chat.delete") {
        change(({ messages }) => ({ messages: messages.filter(({ id }) => id !== data.id) }));
      } else if (event === "chat.destroy") {
        change({ phase: data.reason });
      } else if (event === "chat.join" || event === "chat.leave") {
        change({ taken: data.seats });
        if (event === "chat.leave" && data.member === room.member) change({ phase: "left" });
      }
    },
  });
  // Refused although we joined: the seat may be gone without our having heard of it.
  useEffect(() => {
    if (status === "error") void enter("left");
  }, [status, enter]);

  return { ...room, problem: room.problem ?? problem, status, ...actions };
}

function actionsOf(id: string, url: string | undefined, set: Dispatch<SetStateAction<Rooms>>) {
  let skew = 0;
  let sender = "";
  const call = caller({ url });
  const change = (to: Partial<Room> | ((room: Room) => Partial<Room>)) =>
    set((all) => {
      const old = all[id] ?? empty;
      return { ...all, [id]: { ...old, ...(typeof to === "function" ? to(old) : to) } };
    });
  /** Adds or replaces by `clientId`; what the room took stands in its order, the rest below. */
  const put = (next: RoomMessage) =>
    change(({ messages }) => {
      const old = messages.find(({ clientId }) => clientId === next.clientId);
      if (old?.sequence && !next.sequence) return {};
      const order = ({ sequence = Infinity }: RoomMessage) => sequence;
      const all = [...messages.filter((message) => message !== old), { ...old, ...next }];
      return { messages: all.sort((a, b) => order(a) - order(b) || a.timestamp - b.timestamp) };
    });

  /** The answer; or undefined after a no, which the room's state then tells. */
  async function ask<T>(method: string, path: string, body?: object): Promise<T | void> {
    try {
      const answer = (await call<any>(method, `/rooms/${encodeURIComponent(id)}${path}`, body)) ?? {};
      if (answer.now) skew = answer.now - Date.now();
      return answer;
    } catch (fault) {
      const { problem } = fault as ProblemError;
      const end = problem.reason === "destroyed" ? "destroyed" : PHASES[problem.kind];
      change(({ phase }) => ({ problem, phase: end ?? (phase === "loading" ? "error" : phase) }));
    }
  }

  async function join(alias?: string, passcode?: string) {
    const taken = await ask<RoomJoined>("POST", "/join", { alias, passcode });
    if (!taken) return;
    sender = taken.alias;
    change({ ...taken, phase: "joined", problem: undefined });
  }

  return {
    change,
    put,
    join,
    now: () => Date.now() + skew,
    /** Looks, and takes the seat again that is ours; without one, `phase` it is. */
    async enter(phase: Room["phase"] = "open") {
      const seen = await ask<RoomView>("GET", "");
      if (!seen) return;
      change(seen.member ? seen : { ...seen, phase });
      if (seen.member) await join();
    },
    async send(text: string, clientId = `${Date.now()}-${Math.random()}`) {
      const draft = { clientId, sender, text, timestamp: Date.now() + skew, mine: true };
      put({ ...draft, state: "sending" });
      const taken = await ask<RoomMessagePosted>("POST", "/messages", { text, clientId });
      put({ ...draft, ...taken, state: taken ? "sent" : "failed" });
    },
    async leave() {
      await ask("POST", "/leave");
      change({ phase: "left" });
    },
    async destroy() {
      if (await ask("DELETE", "")) change({ phase: "destroyed" });
    },
  };
}
