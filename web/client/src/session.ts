import { ackFor, start } from "./channel.js";
import { deliver, deliverEphemeral } from "./deliver.js";
import { Endpoint, type Range } from "./endpoint.js";
import { CHANNELS_MOST, guard, hasRoom, newLink, settled, streams, type Link, type Timer } from "./link.js";
import { Pace } from "./pace.js";
import { local, type Problem } from "./problem.js";
import { Questions, unanswered } from "./questions.js";
import { isOffline, watch } from "./surroundings.js";
import type { AnyMessage, ConnectOptions, Ephemeral, Grant, Status, Subscriber } from "./types.js";
import { isFinal, type End, type Frame, type Member } from "./wire.js";
import { Wishes, type Listener } from "./wishes.js";

const STALE_MS = 25_000;

const DENIED = local("denied", "Not allowed to listen.");

/**
 * One connection for many subscriptions. It remembers, for each subscription and channel, the last
 * id it handed over, and that alone decides what is handed over next; wires come and go, and several
 * may overlap. A wire serves a place only if it carries everything after it, without a hole.
 */
export class Session {
  readonly #endpoint: Endpoint;
  readonly #pace: Pace;
  readonly #wishes = new Wishes();
  readonly #questions = new Questions();
  /** Oldest first. Those that are replaced go when the others carry everything. */
  #links: Link[] = [];
  #planned: Timer | undefined;
  #retry: Timer | undefined;
  #opening = false;
  #closed = false;
  #unwatch: (() => void) | undefined;
  #fatal: Problem | undefined;
  #refusedGrant: Grant;

  constructor(options: ConnectOptions) {
    this.#endpoint = new Endpoint(options);
    this.#pace = new Pace(options);
  }

  subscribe(names: readonly string[], options: Subscriber) {
    if (this.#closed) throw new Error("this connection is closed");
    const listener = this.#wishes.add(names, options, this.#links);
    this.#fatal = undefined;
    this.#plan();
    return {
      cursors: () => {
        const known = [...listener.places].flatMap(([name, { ack }]) => (ack ? [[name, ack]] : []));
        return Object.fromEntries(known) as Record<string, string>;
      },
      status: () => this.#statusOf(listener),
      close: () => {
        if (this.#wishes.forget(listener, this.#links)) this.#plan();
      },
    };
  }

  history(channel: string, range?: Range) {
    return this.#endpoint.history(channel, range);
  }

  async publish(channel: string, event: string, data: unknown, key?: string): Promise<string> {
    return (await this.#ask({ type: "publish", channel, event, data, key })).id!;
  }

  async presence(channel: string): Promise<Member[]> {
    // A stream cannot be asked; another request can. It does not begin to tell joins and leaves.
    const stream = this.#pace.transport() === "sse" && !this.#links.some(({ sse }) => !sse);
    const answer = stream ? await this.#endpoint.presence(channel) : await this.#ask({ type: "presence", channel });
    return answer.members ?? [];
  }

  close(): void {
    this.#closed = true;
    this.#rest();
    this.#questions.fail("closed");
    this.#tell();
    this.#wishes.clear();
  }

  // ---- what is wanted, and what is carried ----

  #lasting(): Link[] {
    return this.#links.filter((link) => !link.replaced);
  }

  #missing(): string[] {
    const lasting = this.#lasting();
    return this.#wishes.channels().filter((name) => !lasting.some(({ carried }) => carried.has(name)));
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
    if (!this.#wishes.channels().length && !this.#questions.open) return this.#rest();
    const missing = this.#missing();
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
        if (taken.length) this.#subscribe(link, taken);
      } else if (leaving.length || (missing.length && hasRoom(link))) {
        this.#replace(link);
      }
    }
    if (this.#lacks() && !this.#waits()) void this.#open();
    else this.#clear();
  }

  /** Whether a further wire is needed; a WebSocket takes what is missing once it has room. */
  #lacks(): boolean {
    if (!this.#links.length) return true;
    return this.#missing().length > 0 && !this.#lasting().some(({ sse }) => !sse);
  }

  /** Whether it is not the time to open one: the server said no, or later, or has just failed. */
  #waits(): boolean {
    if (this.#fatal) return true;
    return this.#retry !== undefined && (this.#pace.failures > 0 || !this.#links.length);
  }

  #subscribe(link: Link, names: string[]): void {
    const acks: Record<string, string> = {};
    for (const name of names) {
      const ack = ackFor(this.#wishes.channel(name));
      if (ack) acks[name] = ack;
      link.carried.set(name, { state: "asked", ack, served: new Set() });
    }
    link.wire.send?.({ type: "subscribe", channels: names, acks, grant: link.grant ?? undefined });
  }

  // ---- opening, ending, coming back ----

  async #open(): Promise<void> {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    if (this.#opening || this.#closed || isOffline()) return;
    this.#opening = true;
    this.#unwatch ??= watch(this.#changed);
    let grant: Grant;
    try {
      grant = await this.#endpoint.grant();
    } catch (fault) {
      this.#opening = false;
      return this.#later(undefined, local("grant", String(fault)));
    }
    this.#opening = false;
    if (this.#closed) return;
    if (this.#fatal && grant === this.#refusedGrant) return this.#tell();
    this.#fatal = undefined;
    for (const link of [...this.#links]) if (link.going) this.#replace(link);
    const missing = this.#missing();
    const sse = this.#pace.transport() === "sse";
    if (sse) for (const names of streams(missing)) this.#connect(newLink(grant, sse), names);
    else if (missing.length) this.#connect(newLink(grant, sse), missing);
    if (!this.#links.length && this.#questions.open) this.#connect(newLink(grant, sse), []);
    this.#tell();
  }

  #connect(link: Link, names: string[]): void {
    const ears = {
      frame: (frame: Frame) => this.#heard(link, frame),
      ended: (end: End) => this.#ended(link, end),
    };
    this.#links.push(link);
    if (link.sse) this.#subscribe(link, names);
    link.wire = this.#endpoint.open(link, ears);
    // Without channels too: a grant is also what allows to publish.
    if (!link.sse && (names.length || link.grant)) this.#subscribe(link, names);
    guard(link, () => this.#ended(link, { code: 0 }));
    this.#questions.sendOver(link.wire);
  }

  #ended(link: Link, end: End): void {
    if (!this.#drop(link)) return;
    const problem = end.problem ?? local(`closed-${end.code}`, "The server closed the connection.");
    if (isFinal(end.code)) this.#refused(link, problem);
    else if (!link.replaced && !this.#retry) {
      const fallBack = this.#pace.mayFallBack(link.sse, link.proven);
      const hurry = !this.#pace.failures && (fallBack || end.code === 4100);
      this.#later(hurry ? Math.random() * 200 : end.delayMs, problem);
    }
    this.#tell();
  }

  /** The server does not want us as we are: only another grant or another wish changes that. */
  #refused(link: Link, problem: Problem): void {
    if (Array.isArray(problem.channels)) return this.#deny(link, problem.channels, problem);
    this.#fatal = problem;
    this.#refusedGrant = link.grant;
    if (this.#endpoint.renews) this.#later(undefined, problem);
  }

  /** Tries again after `delayMs`, or after a back-off; gives up where that was the last time. */
  #later(delayMs: number | undefined, problem: Problem): void {
    const wait = this.#pace.failed();
    if (wait === undefined) this.#fatal = problem;
    else this.#openIn(delayMs ?? wait);
  }

  #openIn(delayMs: number): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#open(), delayMs);
  }

  /** Lets the next attempt take over; what has not begun to carry anything need not wait for it. */
  #replace(link: Link): void {
    link.replaced = true;
    if (!settled(link)) this.#drop(link);
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

  /** Ends what is replaced, once nobody needs it. */
  #clear(): void {
    if (this.#missing().length || !this.#lasting().every(settled)) return;
    for (const link of [...this.#links]) if (link.replaced) this.#drop(link);
  }

  #rest(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#pace.failures = 0;
    for (const link of [...this.#links]) this.#drop(link);
    this.#unwatch?.();
    this.#unwatch = undefined;
  }

  /** The network or the page is back: do not wait for a timer that was set before. */
  readonly #changed = ({ type }: Event): void => {
    if (globalThis.document?.hidden || isOffline()) return this.#tell();
    for (const link of this.#links) {
      link.going ||= type === "online" || Date.now() - link.heardAt > STALE_MS;
    }
    const stale = !this.#links.length || this.#links.some(({ going }) => going);
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
    else if (type === "reconnect") {
      link.going = true;
      this.#openIn(frame.delayMs ?? 0);
    } else if (type === "denied") this.#deny(link, frame.channels ?? [], frame.problem ?? DENIED);
    else if (type === "ephemeral") deliverEphemeral(this.#wishes.channel(name), frame as unknown as Ephemeral);
    else if (type === "unsubscribed") {
      for (const gone of frame.channels ?? []) link.carried.delete(gone);
      this.#plan();
    } else if (frame.ref) this.#questions.answer(frame);
  }

  #event(link: Link, message: AnyMessage): void {
    const carried = link.carried.get(message.channel);
    if (carried && message.id) deliver(this.#wishes.channel(message.channel), carried, message);
  }

  #ready(link: Link, name: string, cursor: string | undefined): void {
    const carried = link.carried.get(name);
    if (carried?.state !== "asked") return;
    start(this.#wishes.channel(name), carried, cursor);
    this.#pace.worked(link.sse);
    this.#settle();
  }

  /** These channels not, the others still; asks for a grant once more, as another may do. */
  #deny(link: Link, names: string[], problem: Problem): void {
    for (const name of names) {
      link.carried.delete(name);
      this.#wishes.channel(name).problem = problem;
    }
    this.#settle();
    if (this.#endpoint.renews) void this.#renew(link, names);
  }

  async #renew(link: Link, names: string[]): Promise<void> {
    const grant = await this.#endpoint.grant().catch(() => link.grant);
    if (grant === link.grant) return;
    link.grant = grant;
    for (const name of names) this.#wishes.channel(name).problem = undefined;
    this.#plan();
  }

  #settle(): void {
    this.#clear();
    this.#plan();
  }

  #ask(question: object): Promise<Frame> {
    if (this.#closed || this.#fatal) return Promise.reject(unanswered("not-connected"));
    const answer = this.#questions.ask(question);
    const link = this.#links.at(-1);
    if (link) this.#questions.sendOver(link.wire);
    else this.#plan();
    return answer;
  }

  // ---- status ----

  #statusOf(listener: Listener): Status {
    if (this.#closed) return { status: "disconnected" };
    const trying = this.#links.length > 0 || this.#opening;
    const fatal = this.#retry ? undefined : this.#fatal;
    return this.#wishes.statusOf(listener, this.#links, { trying, fatal });
  }

  #tell(): void {
    this.#wishes.tell((listener) => this.#statusOf(listener));
  }
}
