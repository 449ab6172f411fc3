import type { RoomMessage } from "@stepcast/client/react";
import { unseal } from "./seal";

/** Ids of messages and what they say; null where it could not be opened, or is not to be believed. */
export type Opened = Record<string, string | null>;

type Sealed = Pick<RoomMessage, "clientId" | "member" | "sequence" | "text" | "mine" | "timestamp" | "editedAt">;

/**
 * Opens what came, each text once, in the order in which it was written. Counters of a member grow
 * with every text, also where one changes a message: a server that plays an old text again, as a new
 * message or as a change of another one, is found out.
 */
export class Reader {
  #opened: Opened = {};
  readonly #read = new Map<string, string>();
  readonly #counters = new Map<string, number>();
  #turn: Promise<unknown> = Promise.resolve();

  read(key: CryptoKey, roomId: string, messages: Sealed[]): Promise<Opened> {
    const written = ({ editedAt, timestamp }: Sealed) => editedAt ?? timestamp;
    const reading = this.#turn.then(async () => {
      const inTurn = [...messages].sort(
        (a, b) => written(a) - written(b) || (a.sequence ?? 0) - (b.sequence ?? 0),
      );
      for (const message of inTurn) await this.#open(key, roomId, message);
      return (this.#opened = { ...this.#opened });
    });
    this.#turn = reading;
    return reading;
  }

  async #open(key: CryptoKey, roomId: string, message: Sealed): Promise<void> {
    const { clientId, member, sequence, text } = message;
    if (!member || !sequence || this.#read.get(clientId) === text) return;
    const last = this.#counters.get(member) ?? 0;
    this.#read.set(clientId, text);
    const plain = await unseal(key, { roomId, member }, text);
    // What this page wrote itself has its counter since it was written.
    const own = message.mine && plain !== undefined && plain.text === this.#opened[clientId];
    const fresh = plain !== undefined && (own || plain.counter > last);
    if (fresh) this.#counters.set(member, Math.max(last, plain.counter));
    this.#opened[clientId] = fresh ? plain.text : null;
  }

  /** One above the highest of ours, in the history or just written. */
  nextCounter(member: string): number {
    const next = (this.#counters.get(member) ?? 0) + 1;
    this.#counters.set(member, next);
    return next;
  }

  /** This page wrote it: shown before it comes back. */
  wrote(clientId: string, text: string): void {
    this.#opened[clientId] = text;
  }
}
