import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { compare, floor } from "../src/position.js";

interface Entry {
  id: string;
  event: string;
  channel: string;
  data: unknown;
}

interface Listener {
  transport: "sse" | "websocket";
  grant: string | undefined;
  places: Map<string, string>;
  write(frame: object): void;
  end(code?: number): void;
  cut(): void;
}

/**
 * A realtime-service in one page: same paths, frames and promises, no Redis, and every fault on
 * demand. Ids count up; a channel may be trimmed or restarted.
 */
export class ScriptedServer {
  readonly listeners = new Set<Listener>();
  readonly requests: { transport: string; url: string; acks: Record<string, string> }[] = [];
  /** What to do with a client before serving it: a status refuses it. */
  admit: (request: IncomingMessage) => { status: number; problem?: object; headers?: object } | undefined =
    () => undefined;
  allows: (channel: string, grant: string | undefined) => boolean = () => true;
  /** How often each event is written. */
  copies = 1;
  /** How much further back than asked for a moment is understood. */
  reachBackMs = 0;
  /** A cut after so many more events, once. */
  cutAfter = Infinity;
  readonly #log = new Map<string, Entry[]>();
  readonly #tails = new Map<string, string>();
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #open = new Set<Duplex>();
  #clock = 1_700_000_000_000;

  constructor() {
    this.#http = createServer((request, response) => this.#serve(request, response));
    this.#http.on("upgrade", (request, socket, head) => {
      const refusal = this.admit(request);
      if (refusal) return void socket.end(`HTTP/1.1 ${refusal.status} No\r\n\r\n`);
      this.#sockets.handleUpgrade(request, socket, head, (ws) => this.#speak(ws, request));
    });
    this.#http.on("connection", (socket) => {
      this.#open.add(socket);
      socket.on("close", () => this.#open.delete(socket));
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((done) => this.#http.listen(0, "127.0.0.1", done));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}/api/realtime`;
  }

  stop(): void {
    this.cutAll();
    this.#http.close();
  }

  /** Every TCP connection breaks, as when a node dies. */
  cutAll(): void {
    for (const socket of this.#open) socket.destroy();
  }

  emit(channel: string, event: string, data: unknown = null): string {
    const id = `${(this.#clock += 1)}-0`;
    const entry = { id, event, channel, data };
    this.#log.set(channel, [...this.entries(channel), entry]);
    this.#tails.set(channel, id);
    for (const listener of [...this.listeners]) this.#deliver(listener, channel);
    return id;
  }

  entries(channel: string): Entry[] {
    return this.#log.get(channel) ?? [];
  }

  tail(channel: string): string {
    return this.#tails.get(channel) ?? "0-0";
  }

  /** Forgets all but the last `keep` events. */
  trim(channel: string, keep: number): void {
    this.#log.set(channel, keep ? this.entries(channel).slice(-keep) : []);
  }

  /** Loses the channel and begins anew below the old ids. */
  restart(channel: string, clock: number): void {
    this.#log.set(channel, []);
    this.#clock = clock;
    this.#tails.set(channel, `${clock}-0`);
  }

  write(frame: object): void {
    for (const listener of this.listeners) listener.write(frame);
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url!, this.url);
    const refusal = this.admit(request);
    if (refusal) {
      response.writeHead(refusal.status, { "content-type": "application/problem+json", ...refusal.headers });
      return void response.end(JSON.stringify(refusal.problem ?? {}));
    }
    if (url.pathname.endsWith("/history")) return this.#history(url, response);
    const channels = url.searchParams.getAll("channel");
    if (url.pathname.endsWith("/presence")) {
      response.writeHead(200, { "content-type": "application/json" });
      return void response.end(JSON.stringify({ members: [{ id: "m0", sinceAt: 1 }] }));
    }
    if (channels.length > 50 || request.url!.length > 16_000) {
      response.writeHead(400, { "content-type": "application/problem+json" });
      return void response.end(JSON.stringify({ kind: "too-many-channels", title: "No", status: 400 }));
    }
    const acks = Object.fromEntries(
      channels.flatMap((name) => {
        const ack = url.searchParams.get(`last_ack_${name}`);
        return ack ? [[name, ack]] : [];
      }),
    );
    this.requests.push({ transport: "sse", url: request.url!, acks });
    const grant = request.headers.authorization?.replace("Bearer ", "");
    const denied = channels.filter((name) => !this.allows(name, grant));
    if (denied.length) {
      response.writeHead(403, { "content-type": "application/problem+json" });
      const problem = { kind: "channel-denied", title: "No", status: 403, channels: denied };
      return void response.end(JSON.stringify(problem));
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    const listener: Listener = {
      transport: "sse",
      grant,
      places: new Map(),
      write: (frame) => void response.write(`data: ${JSON.stringify(frame)}\n\n`),
      end: () => response.end(),
      cut: () => response.destroy(),
    };
    this.listeners.add(listener);
    response.on("close", () => this.listeners.delete(listener));
    this.#subscribe(listener, channels, acks);
  }

  #speak(ws: WebSocket, request: IncomingMessage): void {
    const listener: Listener = {
      transport: "websocket",
      grant: undefined,
      places: new Map(),
      write: (frame) => ws.send(JSON.stringify(frame)),
      end: (code = 1000) => ws.close(code),
      cut: () => ws.terminate(),
    };
    this.listeners.add(listener);
    ws.on("close", () => this.listeners.delete(listener));
    ws.on("error", () => {});
    ws.on("message", (text) => {
      const frame = JSON.parse(String(text));
      const { ref } = frame;
      if (frame.type === "subscribe") {
        this.requests.push({ transport: "websocket", url: request.url!, acks: frame.acks });
        listener.grant = frame.grant;
        const denied = frame.channels.filter((name: string) => !this.allows(name, frame.grant));
        if (denied.length) {
          const problem = { kind: "channel-denied", title: "No", status: 403 };
          listener.write({ type: "denied", channels: denied, problem });
        }
        const allowed = frame.channels.filter((name: string) => !denied.includes(name));
        this.#subscribe(listener, allowed, frame.acks);
      } else if (frame.type === "unsubscribe") {
        for (const name of frame.channels) listener.places.delete(name);
        listener.write({ type: "unsubscribed", channels: frame.channels });
      } else if (frame.type === "publish") {
        if (this.allows(frame.channel, listener.grant)) {
          listener.write({ type: "published", id: this.emit(frame.channel, frame.event, frame.data), ref });
        } else {
          const problem = { kind: "channel-denied", title: "No", status: 403 };
          listener.write({ type: "problem", problem, ref });
        }
      } else if (frame.type === "presence") {
        const members = [...this.listeners].map((_, at) => ({ id: `m${at}`, sinceAt: 1 }));
        listener.write({ type: "members", channel: frame.channel, members, ref });
      }
    });
  }

  #subscribe(listener: Listener, channels: string[], acks: Record<string, string>): void {
    for (const name of channels) {
      const ack = acks[name];
      const place = ack ? this.#placeOf(name, ack) : this.tail(name);
      listener.places.set(name, place);
      listener.write({ type: "connected", channel: name, cursor: place });
      this.#deliver(listener, name);
    }
  }

  #placeOf(name: string, ack: string): string {
    if (ack.includes("-")) return ack;
    const from = floor(String(Math.max(0, Number(ack) - this.reachBackMs)));
    const first = this.entries(name).find(({ id }) => compare(id, from) > 0);
    if (!first) return this.tail(name);
    return `${BigInt(first.id.split("-")[0]!) - 1n}-0`;
  }

  #deliver(listener: Listener, channel: string): void {
    let place = listener.places.get(channel);
    if (place === undefined) return;
    const kept = this.entries(channel);
    const before = kept[0] ? `${BigInt(kept[0].id.split("-")[0]!) - 1n}-0` : this.tail(channel);
    const tail = this.tail(channel);
    if (compare(place, tail) > 0) {
      this.#gap(listener, channel, place, before, "restarted");
      place = before;
    } else if (place !== "0-0" && compare(place, before) < 0) {
      this.#gap(listener, channel, place, before, "trimmed");
      place = before;
    }
    for (const entry of kept) {
      if (compare(entry.id, place) <= 0) continue;
      place = entry.id;
      for (let copy = 0; copy < this.copies; copy++) listener.write(entry);
      if (--this.cutAfter <= 0) {
        this.cutAfter = Infinity;
        listener.places.set(channel, place);
        return listener.cut();
      }
    }
    listener.places.set(channel, place);
  }

  #gap(listener: Listener, channel: string, after: string, until: string, reason: string): void {
    listener.write({ id: until, event: "realtime.gap", channel, data: { after, until, reason } });
  }

  #history(url: URL, response: ServerResponse): void {
    const channel = url.searchParams.get("channel")!;
    const after = url.searchParams.get("after") ?? "0-0";
    const limit = Number(url.searchParams.get("limit") ?? 1000);
    const rest = this.entries(channel).filter(({ id }) => compare(id, after) > 0);
    const events = rest.slice(0, limit);
    response.writeHead(200, { "content-type": "application/json" });
    const cursor = rest.length > limit ? events.at(-1)!.id : undefined;
    response.end(JSON.stringify({ events, ...(cursor && { cursor }) }));
  }
}
