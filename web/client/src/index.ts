import type { Since } from "./channel.js";
import { Session } from "./session.js";
import type { EventData, EventName, Message } from "./events.js";
import type { StepcastEvents } from "./generated/events.js";
import type { ConnectOptions, Ephemeral, Gap, Status } from "./types.js";
import type { Member } from "./wire.js";

export type { ConnectOptions, Ephemeral, Gap, Grant, Status, Transport } from "./types.js";
export type { Since } from "./channel.js";
export type { EventData, EventName, Message } from "./events.js";
export type { Member } from "./wire.js";
export type * from "./generated/events.js";
export { perFrame } from "./frame.js";
export { compare } from "./position.js";
export { ProblemError, type Problem } from "./problem.js";

export interface SubscribeOptions<E, Names extends EventName<E>> {
  /** The events to hand over; default: all of the channel. */
  events?: readonly Names[];
  /**
   * Where to begin: an id (exclusive), milliseconds or a date (inclusive), 0 for all that is kept,
   * "now"; or one of these for each channel, as `cursors()` gives. Without it a channel that is new
   * to the connection begins now, and one that is not goes on after the last event it handed over.
   */
  since?: Since | Record<string, Since>;
  /** Called once for each event, in the order of its channel. */
  onEvent?: (message: Message<E, Names>) => void;
  /** Called where events are no longer kept; the next `onEvent` is what comes after the gap. */
  onGap?: (gap: Gap) => void;
  onEphemeral?: (event: Ephemeral) => void;
  onStatus?: (status: Status) => void;
}

export interface Subscription {
  /** The last id handed over in each channel, to be stored and given as `since`. */
  cursors(): Record<string, string>;
  status(): Status;
  close(): void;
}

export interface History<E> {
  events: Message<E>[];
  /** Where to go on; absent at the end. */
  cursor?: string;
  gap?: Gap;
}

export interface Connection<E = StepcastEvents> {
  subscribe<const Names extends EventName<E>>(
    channels: readonly string[],
    options: SubscribeOptions<E, Names>,
  ): Subscription;
  /** A page of what is kept, oldest first. */
  history(
    channel: string,
    range?: { after?: string; before?: string; limit?: number },
  ): Promise<History<E>>;
  /** Appends an event where the grant allows it (WebSocket only) and gives its id; sent again with the same `key` it is stored once. */
  publish<Name extends EventName<E>>(
    channel: string,
    event: Name,
    data: EventData<E, Name>,
    key?: string,
  ): Promise<string>;
  /**
   * Who is on a channel now, where its policy keeps that and the grant allows to see it. Over a
   * WebSocket `onEphemeral` is told `realtime.join` and `realtime.leave` from then on.
   */
  presence(channel: string): Promise<Member[]>;
  /** Ends everything and forgets all places. */
  close(): void;
}

/**
 * A connection to the live events of Stepcast. Nothing is opened before the first `subscribe`.
 * Each subscription is handed each event of its channels once, in order, across cuts, restarts and
 * changes of transport; what is no longer kept is told by `onGap`.
 */
export function connect<E = StepcastEvents>(options: ConnectOptions = {}): Connection<E> {
  return new Session(options) as unknown as Connection<E>;
}
