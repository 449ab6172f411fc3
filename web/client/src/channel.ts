import { compare, floor } from "./position.js";
import type { Problem } from "./problem.js";
import type { Subscriber } from "./types.js";

/** Where a subscription begins: an id, milliseconds since the epoch, a date, 0 for all that is kept. */
export type Since = string | number | Date;

/** How far one subscription is in one channel. Nothing at or below `at` is handed over again. */
export interface Place {
  of: Subscriber;
  /** What to send so that the rest comes; absent = from now on. */
  ack?: string;
  /** The id it stands for. */
  at?: string;
}

/** What a connection remembers of a channel until it is closed. */
export interface Channel {
  places: Set<Place>;
  /** The last id that anybody was handed; who comes without a `since` goes on from here. */
  last?: string;
  /** Why the server does not let us listen. */
  problem?: Problem;
}

/** A channel as one wire carries it: from some place on, without a hole, to those in `served`. */
export interface Carried {
  state: "asked" | "ready" | "leaving";
  ack: string | undefined;
  last?: string;
  served: Set<Place>;
}

/** A place for a new subscription; without `since` it goes on where the channel is. */
export function placeOf(of: Subscriber, since: Since | false | undefined, channel: Channel): Place {
  if (since === "now") return { of };
  if (since === undefined || since === false) return { of, ack: channel.last, at: channel.last };
  const ack = String(since instanceof Date ? since.getTime() : since);
  if (!/^\d+(-\d+)?$/.test(ack)) throw new TypeError(`"${ack}" is no place in a channel`);
  return { of, ack, at: floor(ack) };
}

/** What to ask for so that nobody misses anything; those who want "now" are served first. */
export function ackFor(channel: Channel): string | undefined {
  let first: Place | undefined;
  for (const place of channel.places) {
    if (!place.at) return undefined;
    if (!first || compare(place.at, first.at!) < 0) first = place;
  }
  return first?.ack;
}

/** Lets `place` be served by a wire that already carries its channel, unless it lies behind. */
export function join(place: Place, carried: Carried): void {
  if (carried.state !== "ready") return;
  if (!place.at) place.at = place.ack = carried.last;
  else if (!carried.last || compare(place.at, carried.last) < 0) return;
  carried.served.add(place);
}

/** The wire carries the channel from `cursor` on: everybody at or after it is served. */
export function start(channel: Channel, carried: Carried, cursor: string | undefined): void {
  carried.state = "ready";
  carried.last = cursor ?? (carried.ack && floor(carried.ack));
  for (const place of channel.places) {
    if (!place.at || place.ack === carried.ack) {
      place.ack = carried.last;
      // A server may reach back further than it was asked to; what was not asked for is skipped.
      if (!place.at || (carried.last && compare(place.at, carried.last) < 0)) place.at = carried.last;
      carried.served.add(place);
    } else {
      join(place, carried);
    }
  }
  advance(channel, carried.last);
}

/** Moves the channel's memory forward, never back. */
export function advance(channel: Channel, id: string | undefined): void {
  if (id && (!channel.last || compare(id, channel.last) > 0)) channel.last = id;
}

/** True while somebody waits for what this wire has already passed. */
export function hasStragglers(channel: Channel, carried: Carried): boolean {
  if (carried.state !== "ready") return false;
  for (const place of channel.places) if (!carried.served.has(place)) return true;
  return false;
}
