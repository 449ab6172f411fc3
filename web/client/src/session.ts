import { start } from "./channel.js";
import { Comeback } from "./comeback.js";
import { deliver, deliverEphemeral } from "./deliver.js";
import { Endpoint, type Range } from "./endpoint.js";
import { guard, newLink, streams, type Link, type Timer } from "./link.js";
import { Links } from "./links.js";
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
  readonly #links = new Links(this.#wishes, this.#questions);
  readonly #comeback: Comeback;
  #planned: Timer | undefined;
  #opening = false;
  #closed = false;
  #unwatch: (() => void) | undefined;

  constructor(options: ConnectOptions) {
    this.#endpoint = new Endpoint(options);
    this.#pace = new Pace(options);
    this.#comeback = new Comeback(this.#pace, () => void this.#open());
  }

  subscribe(names: readonly string[], options: Subscriber) {
    if (this.#closed) throw new Error("this connection is closed");
    const listener = this.#wishes.add(names, options, this.#links.all);
    this.#comeback.fatal = undefined;
    this.#plan();
    return {
      cursors: () => {
        const known = [...listener.places].flatMap(([name, { ack }]) => (ack ? [[name, ack]] : []));
        return Object.fromEntries(known) as Record<string, string>;
      },
      status: () => this.#statusOf(listener),
      close: () => {
        if (this.#wishes.forget(listener, this.#links.all)) this.#plan();
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
    const stream = this.#pace.transport() === "sse" && !this.#links.all.some(({ sse }) => !sse);
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
    this.#links.adapt();
    if (this.#links.lack() && !this.#waits()) void this.#open();
    else this.#links.clear();
  }

  /** Whether it is not the time to open one: the server said no, or later, or has just failed. */
  #waits(): boolean {
    const { fatal, planned } = this.#comeback;
    return !!fatal || (planned && (this.#pace.failures > 0 || !this.#links.all.length));
  }

  // ---- opening, ending, coming back ----

  async #open(): Promise<void> {
    this.#comeback.cancel();
    if (this.#opening || this.#closed || isOffline()) return;
    this.#opening = true;
    this.#unwatch ??= watch(this.#changed);
    let grant: Grant;
    try {
      grant = await this.#endpoint.grant();
    } catch (fault) {
      this.#opening = false;
      return this.#comeback.later(undefined, local("grant", String(fault)));
    }
    this.#opening = false;
    if (this.#closed) return;
    if (this.#comeback.fatal && grant === this.#comeback.refused) return this.#tell();
    this.#comeback.fatal = undefined;
    for (const link of [...this.#links.all]) if (link.going) this.#links.replace(link);
    const missing = this.#links.missing();
    const sse = this.#pace.transport() === "sse";
    if (sse) for (const names of streams(missing)) this.#connect(newLink(grant, sse), names);
    else if (missing.length) this.#connect(newLink(grant, sse), missing);
    if (!this.#links.all.length && this.#questions.open) this.#connect(newLink(grant, sse), []);
    this.#tell();
  }

  #connect(link: Link, names: string[]): void {
    const ears = {
      frame: (frame: Frame) => this.#heard(link, frame),
      ended: (end: End) => this.#ended(link, end),
    };
    this.#links.all.push(link);
    if (link.sse) this.#links.subscribe(link, names);
    link.wire = this.#endpoint.open(link, ears);
    // Without channels too: a grant is also what allows to publish.
    if (!link.sse && (names.length || link.grant)) this.#links.subscribe(link, names);
    guard(link, () => this.#ended(link, { code: 0 }));
    this.#questions.sendOver(link.wire);
  }

  #ended(link: Link, end: End): void {
    if (!this.#links.drop(link)) return;
    const problem = end.problem ?? local(`closed-${end.code}`, "The server closed the connection.");
    if (isFinal(end.code)) this.#refused(link, problem);
    else if (!link.replaced && !this.#comeback.planned) {
      const fallBack = this.#pace.mayFallBack(link.sse, link.proven);
      const hurry = !this.#pace.failures && (fallBack || end.code === 4100);
      this.#comeback.later(hurry ? Math.random() * 200 : end.delayMs, problem);
    }
    this.#tell();
  }

  /** The server does not want us as we are: only another grant or another wish changes that. */
  #refused(link: Link, problem: Problem): void {
    if (Array.isArray(problem.channels)) return this.#deny(link, problem.channels, problem);
    this.#comeback.fatal = problem;
    this.#comeback.refused = link.grant;
    if (this.#endpoint.renews) this.#comeback.later(undefined, problem);
  }

  #rest(): void {
    this.#comeback.cancel();
    this.#pace.failures = 0;
    for (const link of [...this.#links.all]) this.#links.drop(link);
    this.#unwatch?.();
    this.#unwatch = undefined;
  }

  /** The network or the page is back: do not wait for a timer that was set before. */
  readonly #changed = ({ type }: Event): void => {
    if (globalThis.document?.hidden || isOffline()) return this.#tell();
    const { all } = this.#links;
    for (const link of all) {
      link.going ||= type === "online" || Date.now() - link.heardAt > STALE_MS;
    }
    const stale = !all.length || all.some(({ going }) => going);
    if (stale && !this.#comeback.fatal) void this.#open();
  };

  // ---- what the server says ----

  #heard(link: Link, frame: Frame): void {
    if (!this.#links.all.includes(link)) return;
    link.heardAt = Date.now();
    link.proven = true;
    const { type, channel: name = "" } = frame;
    if (!type) this.#event(link, frame as AnyMessage);
    else if (type === "connected") this.#ready(link, name, frame.cursor);
    else if (type === "reconnect") {
      link.going = true;
      this.#comeback.in(frame.delayMs ?? 0);
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
    this.#links.clear();
    this.#plan();
  }

  #ask(question: object): Promise<Frame> {
    if (this.#closed || this.#comeback.fatal) return Promise.reject(unanswered("not-connected"));
    const answer = this.#questions.ask(question);
    const link = this.#links.all.at(-1);
    if (link) this.#questions.sendOver(link.wire);
    else this.#plan();
    return answer;
  }

  // ---- status ----

  #statusOf(listener: Listener): Status {
    if (this.#closed) return { status: "disconnected" };
    const trying = this.#links.all.length > 0 || this.#opening;
    const fatal = this.#comeback.planned ? undefined : this.#comeback.fatal;
    return this.#wishes.statusOf(listener, this.#links.all, { trying, fatal });
  }

  #tell(): void {
    this.#wishes.tell((listener) => this.#statusOf(listener));
  }
}
