import { hasStragglers, join, placeOf, type Carried, type Channel, type Place, type Since } from "./channel.js";
import { safely } from "./deliver.js";
import { CHANNELS_MOST, type Link } from "./link.js";
import { local, type Problem } from "./problem.js";
import type { Status, Subscriber } from "./types.js";

const TOO_MANY = local("too-many-channels", `One connection carries ${CHANNELS_MOST} channels.`);

/** Somebody who subscribed. */
export interface Listener {
  options: Subscriber;
  places: Map<string, Place>;
  told: Status;
}

/** How the connection stands, for those whose channels are not all served. */
export interface Standing {
  trying: boolean;
  /** Why it will not come back. */
  fatal?: Problem;
}

/** Who listens to what, and how far each of them is. It is forgotten only when all is closed. */
export class Wishes {
  readonly #channels = new Map<string, Channel>();
  readonly #listeners = new Set<Listener>();

  add(names: readonly string[], options: Subscriber, links: Link[]): Listener {
    const { since } = options;
    const each = typeof since === "object" && !(since instanceof Date) ? since : undefined;
    const listener: Listener = { options, places: new Map(), told: { status: "disconnected" } };
    for (const name of new Set(names)) {
      const channel = this.channel(name);
      const place = placeOf(options, each ? each[name] : (since as Since), channel);
      channel.problem = undefined;
      channel.places.add(place);
      listener.places.set(name, place);
      for (const link of links) {
        const carried = link.carried.get(name);
        if (carried) join(place, carried);
      }
    }
    this.#listeners.add(listener);
    return listener;
  }

  /** False when it was forgotten before. */
  forget(listener: Listener, links: Link[]): boolean {
    for (const [name, place] of listener.places) {
      this.#channels.get(name)?.places.delete(place);
      for (const link of links) link.carried.get(name)?.served.delete(place);
    }
    return this.#listeners.delete(listener);
  }

  clear(): void {
    this.#listeners.clear();
    this.#channels.clear();
  }

  channel(name: string): Channel {
    let channel = this.#channels.get(name);
    if (!channel) this.#channels.set(name, (channel = { places: new Set() }));
    return channel;
  }

  /** The channels to carry; those beyond the most get a problem, and lose it when there is room. */
  channels(): string[] {
    const names: string[] = [];
    for (const [name, channel] of this.#channels) {
      if (!channel.places.size || (channel.problem && channel.problem !== TOO_MANY)) continue;
      channel.problem = names.length < CHANNELS_MOST ? undefined : TOO_MANY;
      if (!channel.problem) names.push(name);
    }
    return names;
  }

  /** Whether a wire had better not carry this: nobody wants it, or somebody wants it from before. */
  rejects(name: string, carried: Carried): boolean {
    const { places, problem } = this.channel(name);
    return carried.state !== "leaving" && (!places.size || !!problem || hasStragglers(this.channel(name), carried));
  }

  statusOf({ places }: Listener, links: Link[], { trying, fatal }: Standing): Status {
    let ready = places.size > 0;
    for (const [name, place] of places) {
      const problem = this.#channels.get(name)?.problem;
      if (problem) return { status: "error", problem };
      ready &&= links.some((link) => link.carried.get(name)?.served.has(place));
    }
    if (ready) return { status: "connected" };
    if (fatal) return { status: "error", problem: fatal };
    return { status: trying ? "connecting" : "disconnected" };
  }

  /** Tells each listener its status, if it has changed. */
  tell(statusOf: (listener: Listener) => Status): void {
    for (const listener of this.#listeners) {
      const status = statusOf(listener);
      const same = status.status === listener.told.status && status.problem === listener.told.problem;
      listener.told = status;
      if (!same) safely(listener.options.onStatus, status);
    }
  }
}
