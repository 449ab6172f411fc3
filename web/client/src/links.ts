import { ackFor } from "./channel.js";
import { CHANNELS_MOST, hasRoom, settled, type Link } from "./link.js";
import type { Questions } from "./questions.js";
import type { Wishes } from "./wishes.js";

/**
 * The wires that are open, oldest first, and which of them carries what. Those that are replaced go
 * when the others carry everything.
 */
export class Links {
  readonly #wishes: Wishes;
  readonly #questions: Questions;
  all: Link[] = [];

  constructor(wishes: Wishes, questions: Questions) {
    this.#wishes = wishes;
    this.#questions = questions;
  }

  #lasting(): Link[] {
    return this.all.filter((link) => !link.replaced);
  }

  /** Channels that are wanted and that no lasting wire carries. */
  missing(): string[] {
    const lasting = this.#lasting();
    return this.#wishes.channels().filter((name) => !lasting.some(({ carried }) => carried.has(name)));
  }

  /** Lets each wire go on with what is wanted now: what can be told so is told, the rest is replaced. */
  adapt(): void {
    const missing = this.missing();
    for (const link of this.#lasting()) {
      const leaving = [...link.carried.keys()].filter((name) =>
        this.#wishes.rejects(name, link.carried.get(name)!),
      );
      if (link.wire.send) {
        if (leaving.length) {
          for (const name of leaving) link.carried.get(name)!.state = "leaving";
          link.wire.send({ type: "unsubscribe", channels: leaving });
        }
        const taken = missing.splice(0, CHANNELS_MOST - link.carried.size);
        if (taken.length) this.subscribe(link, taken);
      } else if (leaving.length || (missing.length && hasRoom(link))) {
        this.replace(link);
      }
    }
  }

  /** Whether a further wire is needed; a WebSocket takes what is missing once it has room. */
  lack(): boolean {
    if (!this.all.length) return true;
    return this.missing().length > 0 && !this.#lasting().some(({ sse }) => !sse);
  }

  /** Asks `link` for these channels, each from where somebody still waits for it. */
  subscribe(link: Link, names: string[]): void {
    const acks: Record<string, string> = {};
    for (const name of names) {
      const ack = ackFor(this.#wishes.channel(name));
      if (ack) acks[name] = ack;
      link.carried.set(name, { state: "asked", ack, served: new Set() });
    }
    link.wire.send?.({ type: "subscribe", channels: names, acks, grant: link.grant ?? undefined });
  }

  /** Lets the next attempt take over; what has not begun to carry anything need not wait for it. */
  replace(link: Link): void {
    link.replaced = true;
    if (!settled(link)) this.drop(link);
  }

  /** Takes a wire out; false when it was out already. */
  drop(link: Link): boolean {
    const at = this.all.indexOf(link);
    if (at < 0) return false;
    this.all.splice(at, 1);
    clearTimeout(link.watchdog);
    link.wire.close();
    this.#questions.cut(link.wire, link.proven);
    return true;
  }

  /** Ends what is replaced, once nobody needs it. */
  clear(): void {
    if (this.missing().length || !this.#lasting().every(settled)) return;
    for (const link of [...this.all]) if (link.replaced) this.drop(link);
  }
}
