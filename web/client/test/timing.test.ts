import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { connect, type Connection, type Status } from "../src/index.js";

/** A WebSocket in memory, so that time can be turned by hand. */
class FakeSocket extends EventTarget {
  static all: FakeSocket[] = [];
  readyState = 0;
  sent: any[] = [];
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onclose?: (event: { code: number }) => void;

  constructor() {
    super();
    FakeSocket.all.push(this);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.();
    const { channels } = this.sent[0];
    for (const channel of channels) this.hear({ type: "connected", channel, cursor: "5-0" });
  }

  hear(frame: object): void {
    this.onmessage?.({ data: `${JSON.stringify(frame)}\n` });
  }

  end(code = 1006): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.onclose?.({ code });
  }

  close(): void {
    this.end(1000);
  }
}

let connection: Connection<any>;
const statuses: Status[] = [];
const page = new EventTarget();

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(1);
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
  FakeSocket.all = [];
  statuses.length = 0;
  connection = connect({ url: "http://server/api/realtime", transport: "websocket" });
  connection.subscribe(["a"], { onStatus: (status) => statuses.push(status) });
});

afterEach(() => {
  connection.close();
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const last = () => FakeSocket.all.at(-1)!;

test("nothing is opened before somebody listens, and nothing stays when nobody does", async () => {
  connection.close();
  FakeSocket.all = [];
  const idle = connect({ url: "http://server/" });
  await pass(60_000);
  expect(FakeSocket.all).toHaveLength(0);
  const subscription = idle.subscribe(["a"], {});
  await pass(0);
  last().open();
  subscription.close();
  await pass(0);
  expect(last().readyState).toBe(3);
  await pass(60_000);
  expect(FakeSocket.all).toHaveLength(1);
});

test("silence for 45 seconds is a cut", async () => {
  await pass(0);
  last().open();
  await pass(44_000);
  last().hear({ type: "ping", timestamp: 1 });
  await pass(44_000);
  expect(FakeSocket.all).toHaveLength(1);
  await pass(1_001);
  expect(FakeSocket.all[0]!.readyState).toBe(3);
  expect(statuses.at(-1)!.status).toBe("disconnected");
  await pass(600);
  expect(FakeSocket.all).toHaveLength(2);
  last().open();
  expect(last().sent[0]).toMatchObject({ type: "subscribe", acks: { a: "5-0" } });
});

test("a server that does not answer for ten seconds is given up", async () => {
  await pass(10_100);
  expect(FakeSocket.all[0]!.readyState).toBe(3);
});

test("waiting doubles from half a second up to thirty, and starts over when it worked", async () => {
  await pass(0);
  for (const wait of [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
    const before = FakeSocket.all.length;
    last().end();
    await pass(wait - 1);
    expect(FakeSocket.all).toHaveLength(before);
    await pass(2);
    expect(FakeSocket.all).toHaveLength(before + 1);
  }
  last().open();
  last().end();
  await pass(501);
  expect(last().readyState).toBe(0);
});

test("waiting is scattered between a half and the whole", async () => {
  vi.mocked(Math.random).mockReturnValue(0);
  await pass(0);
  last().end();
  await pass(249);
  expect(FakeSocket.all).toHaveLength(1);
  await pass(2);
  expect(FakeSocket.all).toHaveLength(2);
});

test("nothing is tried while offline; online again, it is tried at once", async () => {
  await pass(0);
  last().open();
  vi.stubGlobal("navigator", { onLine: false });
  last().end();
  await pass(120_000);
  expect(FakeSocket.all).toHaveLength(1);
  vi.stubGlobal("navigator", { onLine: true });
  page.dispatchEvent(new Event("online"));
  await pass(0);
  expect(FakeSocket.all).toHaveLength(2);
  last().open();
  await pass(0);
  expect(statuses.at(-1)!.status).toBe("connected");
});

test("a page that wakes up after a silence opens anew beside the old one", async () => {
  const document = Object.assign(new EventTarget(), { hidden: false });
  vi.stubGlobal("document", document);
  connection.close();
  connection = connect({ url: "http://server/", transport: "websocket" });
  connection.subscribe(["a"], { onStatus: (status) => statuses.push(status) });
  await pass(0);
  const old = last();
  old.open();
  await pass(1_000);
  document.dispatchEvent(new Event("visibilitychange"));
  await pass(0);
  expect(last()).toBe(old);
  await pass(26_000);
  document.dispatchEvent(new Event("visibilitychange"));
  await pass(0);
  expect(last()).not.toBe(old);
  expect(old.readyState).toBe(1);
  last().open();
  await pass(0);
  expect(old.readyState).toBe(3);
  expect(statuses.at(-1)!.status).toBe("connected");
});

test("what was published and not answered fails when the wire is cut", async () => {
  await pass(0);
  last().open();
  const published = connection.publish("a", "note", {});
  const refused = expect(published).rejects.toMatchObject({ kind: "connection-lost" });
  last().end();
  await refused;
});
