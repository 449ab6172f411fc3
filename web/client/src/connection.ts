import {
  ackFor,
  advance,
  hasStragglers,
  join,
  placeOf,
  start,
  type Carried,
  type Channel,
  type Place,
  type Since,
} from "./channel.js";
import { caller, query } from "./http/call.js";
import { compare } from "./position.js";
import { local, type Problem } from "./problem.js";
import { Questions, unanswered } from "./questions.js";
import { openSse, withAcks } from "./sse.js";
import type {
  AnyMessage,
  ConnectOptions,
  Ephemeral,
  Gap,
  Grant,
  Status,
  Subscriber,
  Transport,
} from "./types.js";
import { openWebSocket } from "./websocket.js";
import { isFinal, type End, type Frame, type Member, type Wire } from "./wire.js";

const SILENCE_MS = 45_000;
const OPENING_MS = 10_000;
const STALE_MS = 25_000;
const SSE_STAYS_MS = 300_000;

interface Listener {
  options: Subscriber;
  places: Map<string, Place>;
  told: Status;
}

interface Link {
  wire: Wire;
  carried: Map<string, Carried>;
  grant: Grant;
  heardAt: number;
  proven: boolean;
  watchdog?: Timer;
}

type Timer = ReturnType<typeof setTimeout>;

const DENIED = local("denied", "Not allowed to listen.");
const idle: Status = { status: "disconnected" };

/**
 * One connection for many subscriptions. It remembers, for each subscription and channel, the last
 * id it handed over, and that alone decides what is handed over next; wires come and go, and two
 * may overlap. A wire serves a place only if it carries everything after it, without a hole.
 */
export class Session {
  readonly #options: ConnectOptions;
  readonly #channels = new Map<string, Channel>();
  readonly #listeners = new Set<Listener>();
  readonly #questions = new Questions();
  /** Oldest first; all but the last go when the last carries everything. */
  #links: Link[] = [];
  #planned: Timer | undefined;
  #retry: Timer | undefined;
  #opening = false;
  #closed = false;
  #watching = false;
  #failures = 0;
  #webSocketWorks = false;
  #sseUntil = 0;
  #fatal: Problem | undefined;
  #refusedGrant: Grant;

  constructor(options: ConnectOptions) {
    this.#options = options;
  }

  subscribe(names: readonly string[], options: Subscriber) {
    if (this.#closed) throw new Error("this connection is closed");
    const { since } = options;
    const each = typeof since === "object" && !(since instanceof Date) ? since : undefined;
    const listener: Listener = { options, places: new Map(), told: idle };
    for (const name of new Set(names)) {
      const channel = this.#channel(name);
      const place = placeOf(options, each ? each[name] : (since as Since), channel);
      channel.problem = undefined;
      channel.places.add(place);
      listener.places.set(name, place);
      for (const link of this.#links) {
        const carried = link.carried.get(name);
        if (carried) join(place, carried);
      }
    }
    this.#listeners.add(listener);
    this.#fatal = undefined;
    this.#plan();
    return {
      cursors: () => {
        const known = [...listener.places].flatMap(([name, { ack }]) => (ack ? [[name, ack]] : []));
        return Object.fromEntries(known) as Record<string, string>;
      },
      status: () => this.#statusOf(listener),
      close: () => this.#forget(listener),
    };
  }

  async history(
    channel: string,
    range: { after?: string; before?: string; limit?: number } = {},
  ): Promise<{ events: AnyMessage[]; cursor?: string; gap?: Gap }> {
    const grant = await this.#grant();
    const { url = "/api/realtime", withCredentials } = this.#options;
    const call = caller({ url, token: grant, credentials: credentials(withCredentials) });
    return call("GET", `/history${query({ channel, ...range })}`);
  }

  async publish(channel: string, event: string, data: unknown, key?: string): Promise<string> {
    return (await this.#ask({ type: "publish", channel, event, data, key })).id!;
  }

  async presence(channel: string): Promise<Member[]> {
    return (await this.#ask({ type: "presence", channel })).members ?? [];
  }

  close(): void {
    this.#closed = true;
    this.#rest();
    this.#questions.fail("closed");
    this.#tell();
    this.#listeners.clear();
    this.#channels.clear();
  }

  // ---- what is wanted, and what is carried ----

  #channel(name: string): Channel {
    let channel = this.#channels.get(name);
    if (!channel) this.#channels.set(name, (channel = { places: new Set() }));
    return channel;
  }

  #wanted(): string[] {
    return [...this.#channels].flatMap(([name, { places, problem }]) =>
      places.size && !problem ? [name] : [],
    );
  }

  #forget(listener: Listener): void {
    if (!this.#listeners.delete(listener)) return;
    for (const [name, place] of listener.places) {
      this.#channels.get(name)?.places.delete(place);
      for (const link of this.#links) link.carried.get(name)?.served.delete(place);
    }
    this.#plan();
  }

  /** Many changes in one turn (a page that mounts) become one. */
  #plan(): void {
    this.#planned ??= setTimeout(() => {
      this.#planned = undefined;
      this.#reconcile();
      this.#tell();
    });
  }

  #reconcile(): void {
    if (this.#closed) return;
    const wanted = this.#wanted();
    if (!wanted.length && !this.#questions.open) return this.#rest();
    const link = this.#links.at(-1);
    if (!link) {
      if (!this.#retry && !this.#fatal) void this.#open();
      return;
    }
    const missing = wanted.filter((name) => !link.carried.has(name));
    const leaving = [...link.carried].flatMap(([name, carried]) => {
      const unwanted = !wanted.includes(name) || hasStragglers(this.#channel(name), carried);
      return unwanted && carried.state !== "leaving" ? [name] : [];
    });
    if (link.wire.send) {
      if (leaving.length) {
        for (const name of leaving) link.carried.get(name)!.state = "leaving";
        link.wire.send({ type: "unsubscribe", channels: leaving });
      }
      if (missing.length) this.#subscribe(link, missing);
    } else if (missing.length || leaving.length) {
      if (!settled(link)) this.#drop(link);
      void this.#open();
    }
  }

  #subscribe(link: Link, names: string[]): void {
    const acks: Record<string, string> = {};
    for (const name of names) {
      const ack = ackFor(this.#channel(name));
      if (ack) acks[name] = ack;
      link.carried.set(name, { state: "asked", ack, served: new Set() });
    }
    link.wire.send?.({ type: "subscribe", channels: names, acks, grant: link.grant ?? undefined });
  }

  // ---- opening, ending, coming back ----

  async #open(): Promise<void> {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    if (this.#opening || this.#closed || globalThis.navigator?.onLine === false) return;
    this.#opening = true;
    this.#watch(true);
    let grant: Grant;
    try {
      grant = await this.#grant();
    } catch (fault) {
      this.#opening = false;
      return this.#later(undefined, local("grant", String(fault)));
    }
    this.#opening = false;
    if (this.#closed) return;
    if (this.#fatal && grant === this.#refusedGrant) return this.#tell();
    this.#fatal = undefined;
    const wanted = this.#wanted();
    if (wanted.length || this.#questions.open) this.#connect(grant, wanted);
    this.#tell();
  }

  #connect(grant: Grant, wanted: string[]): void {
    const sse = this.#transport() === "sse";
    const link = { grant, carried: new Map(), heardAt: Date.now(), proven: false } as Partial<Link> as Link;
    const ears = {
      frame: (frame: Frame) => this.#heard(link, frame),
      ended: (end: End) => this.#ended(link, end, sse),
    };
    this.#links.push(link);
    if (sse) {
      this.#subscribe(Object.assign(link, { wire: {} }), wanted);
      link.wire = openSse(withAcks(this.#url(), link.carried), this.#init(grant), ears);
    } else {
      link.wire = openWebSocket(this.#url().href, ears);
      if (wanted.length) this.#subscribe(link, wanted);
    }
    this.#guard(link, sse);
    this.#questions.sendOver(link.wire);
  }

  #transport(): Transport {
    const { transport } = this.#options;
    if (transport === "sse" || transport === "websocket") return transport;
    if (typeof WebSocket === "undefined" || Date.now() < this.#sseUntil) return "sse";
    const suspect = !this.#webSocketWorks || this.#failures > 2;
    return suspect && this.#failures % 2 ? "sse" : "websocket";
  }

  #url(): URL {
    return new URL(this.#options.url ?? "/api/realtime", globalThis.location?.href);
  }

  async #grant(): Promise<Grant> {
    const { grant } = this.#options;
    return typeof grant === "function" ? grant() : grant;
  }

  #init(grant: Grant): RequestInit {
    return {
      cache: "no-store",
      credentials: credentials(this.#options.withCredentials),
      headers: grant ? { Authorization: `Bearer ${grant}` } : {},
    };
  }

  #guard(link: Link, sse: boolean): void {
    const left = (link.proven ? SILENCE_MS : OPENING_MS) - (Date.now() - link.heardAt);
    link.watchdog = setTimeout(
      () => (left > 0 ? this.#guard(link, sse) : (link.wire.close(), this.#ended(link, { code: 0 }, sse))),
      Math.max(left, 0),
    );
  }

  #ended(link: Link, end: End, sse: boolean): void {
    const newest = this.#links.at(-1) === link;
    if (!this.#drop(link)) return;
    const problem = end.problem ?? local(`closed-${end.code}`, "The server closed the connection.");
    if (isFinal(end.code)) this.#refused(link, problem);
    else if (newest && !this.#retry) {
      // A first WebSocket that does not get through: server-sent events might, at once.
      const blocked = !sse && !link.proven && (this.#options.transport ?? "auto") === "auto";
      const hurry = !this.#failures && (blocked || end.code === 4100);
      this.#later(hurry ? Math.random() * 200 : end.delayMs, problem);
    }
    this.#tell();
  }

  /** The server does not want us as we are: only another grant or another wish changes that. */
  #refused(link: Link, problem: Problem): void {
    if (Array.isArray(problem.channels)) return this.#deny(link, problem.channels, problem);
    this.#fatal = problem;
    this.#refusedGrant = link.grant;
    if (typeof this.#options.grant === "function") this.#later(undefined, problem);
  }

  /** Tries again after `delayMs`, or after a back-off that grows and scatters. */
  #later(delayMs: number | undefined, problem: Problem): void {
    const backoff = Math.min(30_000, 500 * 2 ** this.#failures) * (0.5 + Math.random() / 2);
    this.#failures++;
    if (this.#failures > (this.#options.maxRetries ?? Infinity)) {
      this.#fatal = problem;
    } else {
      this.#openIn(delayMs ?? backoff);
    }
  }

  #openIn(delayMs: number): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#open(), delayMs);
  }

  /** Takes a wire out; false when it was out already. */
  #drop(link: Link): boolean {
    const at = this.#links.indexOf(link);
    if (at < 0) return false;
    this.#links.splice(at, 1);
    clearTimeout(link.watchdog);
    link.wire.close();
    this.#questions.cut(link.wire, link.proven);
    return true;
  }

  #rest(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#failures = 0;
    for (const link of [...this.#links]) this.#drop(link);
    this.#watch(false);
  }

  #watch(on: boolean): void {
    if (on === this.#watching) return;
    this.#watching = on;
    const change = on ? "addEventListener" : "removeEventListener";
    globalThis[change]?.("online", this.#wake);
    globalThis[change]?.("offline", this.#wake);
    globalThis.document?.[change]("visibilitychange", this.#wake);
  }

  /** The network or the page is back: do not wait for a timer that was set before. */
  readonly #wake = ({ type }: Event): void => {
    if (globalThis.document?.hidden || globalThis.navigator?.onLine === false) return this.#tell();
    const link = this.#links.at(-1);
    const stale = !link || type === "online" || Date.now() - link.heardAt > STALE_MS;
    if (stale && !this.#fatal) void this.#open();
  };

  // ---- what the server says ----

  #heard(link: Link, frame: Frame): void {
    if (!this.#links.includes(link)) return;
    link.heardAt = Date.now();
    link.proven = true;
    const { type, channel: name = "" } = frame;
    if (!type) this.#event(link, frame as AnyMessage);
    else if (type === "connected") this.#ready(link, name, frame.cursor);
    else if (type === "reconnect") this.#openIn(frame.delayMs ?? 0);
    else if (type === "denied") this.#deny(link, frame.channels ?? [], frame.problem ?? DENIED);
    else if (type === "ephemeral") this.#ephemeral(frame as unknown as Ephemeral);
    else if (type === "unsubscribed") {
      for (const gone of frame.channels ?? []) link.carried.delete(gone);
      this.#plan();
    } else if (frame.ref) this.#questions.answer(frame);
  }

  #ready(link: Link, name: string, cursor: string | undefined): void {
    const carried = link.carried.get(name);
    if (carried?.state !== "asked") return;
    start(this.#channel(name), carried, cursor);
    this.#failures = 0;
    if (link.wire.send) this.#webSocketWorks = true;
    else if (!this.#webSocketWorks) this.#sseUntil = Date.now() + SSE_STAYS_MS;
    this.#settle(link);
  }

  /** These channels not, the others still; asks for a grant once more, as another may do. */
  #deny(link: Link, names: string[], problem: Problem): void {
    for (const name of names) {
      link.carried.delete(name);
      this.#channel(name).problem = problem;
    }
    this.#settle(link);
    if (typeof this.#options.grant === "function") void this.#renew(link, names);
  }

  async #renew(link: Link, names: string[]): Promise<void> {
    const grant = await this.#grant().catch(() => link.grant);
    if (grant === link.grant) return;
    link.grant = grant;
    for (const name of names) this.#channel(name).problem = undefined;
    this.#plan();
  }

  #settle(link: Link): void {
    if (settled(link) && this.#links.at(-1) === link) {
      for (const older of this.#links.slice(0, -1)) this.#drop(older);
    }
    this.#plan();
  }

  #event(link: Link, message: AnyMessage): void {
    const carried = link.carried.get(message.channel);
    const channel = this.#channels.get(message.channel);
    if (!carried || !channel || !message.id) return;
    if (message.event === "realtime.gap") return this.#gap(channel, carried, message);
    carried.last = message.id;
    if (carried.served.size) advance(channel, message.id);
    for (const place of carried.served) {
      if (place.at && compare(message.id, place.at) <= 0) continue;
      place.at = place.ack = message.id;
      const { events, onEvent } = place.of;
      if (!events?.length || events.includes(message.event)) safely(onEvent, message);
    }
  }

  #gap(channel: Channel, carried: Carried, { channel: name, data }: AnyMessage): void {
    const { after, until, reason } = data as Gap;
    const restarted = reason === "restarted";
    carried.last = until;
    for (const place of carried.served) {
      const at = place.at ?? after;
      if (restarted ? compare(at, after) < 0 : compare(at, until) >= 0) continue;
      place.at = place.ack = until;
      const told = restarted || compare(at, after) > 0 ? at : after;
      safely(place.of.onGap, { channel: name, after: told, until, reason });
    }
    if (!carried.served.size) return;
    if (restarted) channel.last = until;
    else advance(channel, until);
  }

  #ephemeral({ channel, event, data }: Ephemeral): void {
    for (const { of } of this.#channels.get(channel)?.places ?? []) {
      safely(of.onEphemeral, { channel, event, data });
    }
  }

  #ask(question: object): Promise<Frame> {
    if (this.#closed || this.#fatal) return Promise.reject(unanswered("not-connected"));
    const answer = this.#questions.ask(question);
    if (this.#links.length) this.#questions.sendOver(this.#links.at(-1)!.wire);
    else this.#plan();
    return answer;
  }

  // ---- status ----

  #statusOf(listener: Listener): Status {
    if (this.#closed) return idle;
    let ready = true;
    for (const [name, place] of listener.places) {
      const problem = this.#channels.get(name)?.problem;
      if (problem) return { status: "error", problem };
      ready &&= this.#links.some((link) => link.carried.get(name)?.served.has(place));
    }
    if (ready && listener.places.size) return { status: "connected" };
    if (this.#fatal && !this.#retry) return { status: "error", problem: this.#fatal };
    return { status: this.#links.length || this.#opening ? "connecting" : "disconnected" };
  }

  #tell(): void {
    for (const listener of this.#listeners) {
      const status = this.#statusOf(listener);
      const same = status.status === listener.told.status && status.problem === listener.told.problem;
      listener.told = status;
      if (!same) safely(listener.options.onStatus, status);
    }
  }
}

function credentials(everywhere: boolean | undefined): RequestCredentials {
  return everywhere ? "include" : "same-origin";
}

function settled(link: Link): boolean {
  for (const { state } of link.carried.values()) if (state === "asked") return false;
  return true;
}

/** A listener that throws must not stop the others; its fault surfaces as an uncaught one. */
function safely<T>(call: ((value: T) => void) | undefined, value: T): void {
  try {
    call?.(value);
  } catch (fault) {
    queueMicrotask(() => {
      throw fault;
    });
  }
}
