import type { Since } from "./channel.js";
import type { Problem } from "./problem.js";

export type Transport = "websocket" | "sse";
export type Grant = string | null | undefined;

/** What `connect` takes. */
export interface ConnectOptions {
  /** Where events come from; default `/api/realtime`. */
  url?: string;
  /** The right to listen; a function is asked on every connect, so that it can renew. */
  grant?: Grant | (() => Grant | Promise<Grant>);
  /** `auto` (the default) is a WebSocket where one gets through, else server-sent events. */
  transport?: "auto" | Transport;
  /** Send cookies to another origin. */
  withCredentials?: boolean;
  /** Failed attempts in a row before giving up; default: never. */
  maxRetries?: number;
}

/**
 * `connected`: every channel is listened to. `connecting`: on the way. `disconnected`: nothing to
 * do, or waiting to try again. `error`: will not come back as it is, and `problem` says why.
 */
export interface Status {
  status: "connected" | "connecting" | "disconnected" | "error";
  problem?: Problem;
}

/** Events that nobody can deliver any more: after `after`, up to and with `until`. */
export interface Gap {
  channel: string;
  after: string;
  until: string;
  /** `trimmed`: no longer kept. `restarted`: the channel began anew at `until`. */
  reason: "trimmed" | "restarted";
}

/** An event that has no place in the history, such as "is typing". */
export interface Ephemeral {
  channel: string;
  event: string;
  data: unknown;
}

/** An event whose type nobody has looked at yet. */
export interface AnyMessage {
  id: string;
  event: string;
  channel: string;
  data: any;
}

/** What a subscription wants, with the types left out. */
export interface Subscriber {
  events?: readonly string[];
  since?: Since | Record<string, Since>;
  onEvent?: (message: any) => void;
  onGap?: (gap: Gap) => void;
  onEphemeral?: (event: Ephemeral) => void;
  onStatus?: (status: Status) => void;
}
