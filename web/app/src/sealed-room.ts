import { useEffect, useRef, useState } from "react";
import { useRoom, type RoomMessage, type UseRoom } from "@stepcast/client/react";
import { canSeal, counterOf, readKey, seal, unseal } from "./seal";

export interface SealedRoom extends UseRoom {
  /** Why an encrypted room cannot be used here, if so. */
  obstacle?: "no-key" | "no-crypto";
  /** What the link is to end with, so that it opens the room for others. */
  fragment: string;
}

/** Ids of messages and what they say; null where it could not be opened. */
type Opened = Record<string, string | null>;

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

  if (!encrypted) return { ...room, fragment: "" };
  const obstacle = !canSeal ? "no-crypto" : !fragment ? "no-key" : undefined;
  return {
    ...room,
    obstacle,
    fragment,
    messages: messages.map((message) => ({ ...message, text: textOf(message, opened) })),
    // One after the other: whoever receives them refuses a counter that does not grow.
    send(text, clientId = `${Date.now()}-${Math.random()}`) {
      const sending = writer.current.then(async () => {
        if (!key || !member) return;
        const counter = reader.current.nextCounter(member);
        const sealed = await seal(key, { roomId: id, member, counter }, text);
        reader.current.wrote(clientId, text);
        await room.send(sealed, clientId);
      });
      writer.current = sending.catch(() => {});
      return sending;
    },
  };
}

function textOf(message: RoomMessage, opened: Opened): string {
  const text = opened[message.clientId];
  return text === null ? "This message cannot be read." : (text ?? "…");
}

/** Opens messages once, in the room's order, and finds out what was played again. */
class Reader {
  #opened: Opened = {};
  readonly #counters = new Map<string, number>();
  #turn: Promise<unknown> = Promise.resolve();

  read(key: CryptoKey, roomId: string, messages: RoomMessage[]): Promise<Opened> {
    const reading = this.#turn.then(async () => {
      for (const message of messages) await this.#open(key, roomId, message);
      return (this.#opened = { ...this.#opened });
    });
    this.#turn = reading;
    return reading;
  }

  async #open(key: CryptoKey, roomId: string, message: RoomMessage): Promise<void> {
    const { clientId, member, sequence, text } = message;
    if (!member || !sequence || (clientId in this.#opened && !message.mine)) return;
    const last = this.#counters.get(member) ?? 0;
    if (message.mine && this.#opened[clientId] != null) {
      this.#counters.set(member, Math.max(last, counterOf(text)));
      return;
    }
    const plain = await unseal(key, { roomId, member }, text);
    const fresh = plain !== undefined && plain.counter > last;
    if (fresh) this.#counters.set(member, plain.counter);
    this.#opened[clientId] = fresh ? plain.text : null;
  }

  /** One above the highest of ours, in the history or just written. */
  nextCounter(member: string): number {
    const next = (this.#counters.get(member) ?? 0) + 1;
    this.#counters.set(member, next);
    return next;
  }

  wrote(clientId: string, text: string): void {
    this.#opened[clientId] = text;
  }
}
