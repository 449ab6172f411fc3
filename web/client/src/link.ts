import type { Carried } from "./channel.js";
import type { Grant } from "./types.js";
import type { Wire } from "./wire.js";

export type Timer = ReturnType<typeof setTimeout>;

/** Channels of one connection, whichever way they travel; what is beyond is refused. */
export const CHANNELS_MOST = 200;

const STREAM_CHANNELS_MOST = 50;
const STREAM_URL_MOST = 14_000;
const ACK_LENGTH = 64;
const SILENCE_MS = 45_000;
const OPENING_MS = 10_000;

/** A wire and what it carries. */
export interface Link {
  wire: Wire;
  sse: boolean;
  carried: Map<string, Carried>;
  grant: Grant;
  heardAt: number;
  /** The server has said something on it. */
  proven: boolean;
  /** It will end soon, or may be dead: the next attempt replaces it. */
  going: boolean;
  /** Another takes over what it carries, and until that is done this one goes on. */
  replaced: boolean;
  watchdog?: Timer;
}

export function newLink(grant: Grant, sse: boolean): Link {
  const wire = { close() {} };
  const state = { proven: false, going: false, replaced: false };
  return { wire, sse, grant, carried: new Map(), heardAt: Date.now(), ...state };
}

/** Whether the server has answered about every channel that was asked for. */
export function settled({ carried }: Link): boolean {
  for (const { state } of carried.values()) if (state === "asked") return false;
  return true;
}

/** Whether a stream could take more channels; it is opened anew for that. */
export function hasRoom({ carried }: Link): boolean {
  return carried.size < STREAM_CHANNELS_MOST;
}

/** Calls `dead` once nothing was heard for too long. */
export function guard(link: Link, dead: () => void): void {
  const left = (link.proven ? SILENCE_MS : OPENING_MS) - (Date.now() - link.heardAt);
  link.watchdog = setTimeout(() => (left > 0 ? guard(link, dead) : dead()), Math.max(left, 0));
}

/** As many lists as streams are needed: a URL holds 50 channels, and fewer if their names are long. */
export function streams(names: readonly string[]): string[][] {
  const lists: string[][] = [];
  let length = Infinity;
  for (const name of names) {
    const more = 2 * encodeURIComponent(name).length + ACK_LENGTH;
    length += more;
    if (length > STREAM_URL_MOST || lists.at(-1)!.length === STREAM_CHANNELS_MOST) {
      lists.push([]);
      length = more;
    }
    lists.at(-1)!.push(name);
  }
  return lists;
}
