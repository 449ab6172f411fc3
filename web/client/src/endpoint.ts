import { caller, query } from "./http/call.js";
import { type Link } from "./link.js";
import { openSse, withAcks } from "./sse.js";
import type { AnyMessage, ConnectOptions, Gap, Grant } from "./types.js";
import { openWebSocket } from "./websocket.js";
import type { Ears, Member, Wire } from "./wire.js";

const MEMBERS_MOST = 1_000;

/** A page of a channel's history. */
export interface Range {
  after?: string;
  before?: string;
  limit?: number;
}

/** Where the server is, and with what right it is asked. */
export class Endpoint {
  readonly #options: ConnectOptions;
  readonly #credentials: RequestCredentials;

  constructor(options: ConnectOptions) {
    this.#options = options;
    this.#credentials = options.withCredentials ? "include" : "same-origin";
  }

  /** Whether another grant may come if this one is refused. */
  get renews(): boolean {
    return typeof this.#options.grant === "function";
  }

  async grant(): Promise<Grant> {
    const { grant } = this.#options;
    return typeof grant === "function" ? grant() : grant;
  }

  /** Opens the wire of `link`; over server-sent events it carries what is asked for from the start. */
  open(link: Link, ears: Ears): Wire {
    const url = new URL(this.#options.url ?? "/api/realtime", globalThis.location?.href);
    if (!link.sse) return openWebSocket(url.href, ears);
    const headers: HeadersInit = link.grant ? { Authorization: `Bearer ${link.grant}` } : {};
    const init = { cache: "no-store", credentials: this.#credentials, headers } as const;
    return openSse(withAcks(url, link.carried), init, ears);
  }

  history(channel: string, range: Range = {}): Promise<{ events: AnyMessage[]; cursor?: string; gap?: Gap }> {
    return this.#get(`/history${query({ channel, ...range })}`);
  }

  presence(channel: string): Promise<{ members: Member[] }> {
    return this.#get(`/presence${query({ channel, limit: MEMBERS_MOST })}`);
  }

  async #get<T>(path: string): Promise<T> {
    const { url = "/api/realtime" } = this.#options;
    const call = caller({ url, token: await this.grant(), credentials: this.#credentials });
    return call("GET", path);
  }
}
