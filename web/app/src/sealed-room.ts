import { useEffect, useRef, useState } from "react";
import { useRoom, type RoomMessage, type UseRoom } from "@stepcast/client/react";
import { Reader, type Opened } from "./reader";
import { canSeal, readKey, seal } from "./seal";
import { api } from "./session";

export interface SealedRoom extends UseRoom {
  /** Why an encrypted room cannot be used here, if so. */
  obstacle?: "no-key" | "no-crypto";
  /** What the link is to end with, so that it opens the room for others. */
  fragment: string;
  /** Changes a message of ours. */
  edit: (message: string, text: string) => Promise<unknown>;
}

/** A room whose texts are sealed before they leave this page and opened after they came, if it is encrypted. */
export function useSealedRoom(id: string): SealedRoom {
  const room = useRoom(id);
  const [fragment] = useState(() => (/^#k=[\w-]{43}$/.test(location.hash) ? location.hash : ""));
  const [key, setKey] = useState<CryptoKey>();
  const [opened, setOpened] = useState<Opened>({});
  const reader = useRef(new Reader());
  const writer = useRef<Promise<unknown>>(Promise.resolve());
  const { encrypted, member, messages } = room;

  useEffect(() => {
    if (encrypted && canSeal && fragment) readKey(fragment.slice(3)).then(setKey, () => {});
  }, [encrypted, fragment]);
  useEffect(() => {
    if (encrypted && key) void reader.current.read(key, id, messages).then(setOpened);
  }, [encrypted, key, id, messages]);

  const edit = (message: string, text: string) => api.edit(id, message, text);
  if (!encrypted) return { ...room, fragment: "", edit };
  /** One after the other: whoever receives them refuses a counter that does not grow. */
  function inTurn<T>(clientId: string, text: string, send: (sealed: string) => Promise<T>): Promise<T | void> {
    const sending = writer.current.then(async () => {
      if (!key || !member) return;
      const counter = reader.current.nextCounter(member);
      const sealed = await seal(key, { roomId: id, member, counter }, text);
      reader.current.wrote(clientId, text.normalize("NFC"));
      return send(sealed);
    });
    writer.current = sending.catch(() => {});
    return sending;
  }
  const obstacle = !canSeal ? "no-crypto" : !fragment ? "no-key" : undefined;
  return {
    ...room,
    obstacle,
    fragment,
    messages: messages.map((message) => ({ ...message, text: textOf(message, opened) })),
    send: (text, clientId = `${Date.now()}-${Math.random()}`) =>
      inTurn(clientId, text, (sealed) => room.send(sealed, clientId)),
    edit(message, text) {
      const clientId = messages.find((one) => one.id === message)?.clientId ?? message;
      const before = opened[clientId] ?? "";
      return inTurn(clientId, text, (sealed) => edit(message, sealed)).catch((fault) => {
        reader.current.wrote(clientId, before);
        throw fault;
      });
    },
  };
}

function textOf(message: RoomMessage, opened: Opened): string {
  const text = opened[message.clientId];
  return text === null ? "This message cannot be read." : (text ?? "…");
}
