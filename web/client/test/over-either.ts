import { expect, test, vi } from "vitest";
import type { Transport } from "../src/index.js";
import { connected, emit, open, record, server, upTo, within } from "./harness.js";

/** What holds over both transports. */
export function overEither(transport: Transport): void {
  test("a subscription is handed what comes after it, once and in order", async () => {
    emit("a", [1, 2]);
    const events = record(open({ transport }), ["a"]);
    await connected(events);
    emit("a", [3, 4, 5]);
    await vi.waitFor(() => expect(events.heard).toEqual([3, 4, 5]), within);
  });

  test("since 0 begins with all that is kept", async () => {
    emit("a", [1, 2, 3]);
    const events = record(open({ transport }), ["a"], { since: 0 });
    await connected(events);
    emit("a", [4]);
    await vi.waitFor(() => expect(events.heard).toEqual([1, 2, 3, 4]), within);
  });

  test("since a moment includes what happened in that very millisecond", async () => {
    emit("a", [1, 2, 3]);
    const second = Number(server.entries("a")[1]!.id.split("-")[0]);
    const events = record(open({ transport }), ["a"], { since: new Date(second) });
    await vi.waitFor(() => expect(events.heard).toEqual([2, 3]), within);
  });

  test("a server that reaches back further than asked is heard from the moment on", async () => {
    emit("a", [1, 2, 3, 4]);
    const third = Number(server.entries("a")[2]!.id.split("-")[0]);
    server.reachBackMs = 2;
    const events = record(open({ transport }), ["a"], { since: third });
    await connected(events);
    server.cutAll();
    emit("a", [5]);
    await vi.waitFor(() => expect(events.heard).toEqual([3, 4, 5]), within);
    const late = record(open({ transport }), ["a"], { since: third + 100 });
    await connected(late);
    server.cutAll();
    await vi.waitFor(() => expect(late.status().status).not.toBe("connected"), within);
    await connected(late);
    expect(late.heard).toEqual([]);
  });

  test("no client clock decides anything: what is asked for first has no place", async () => {
    vi.setSystemTime(Date.now() + 3_600_000);
    try {
      const events = record(open({ transport }), ["a"]);
      await connected(events);
      expect(server.requests[0]!.acks).toEqual({});
      server.cutAll();
      emit("a", [1, 2]);
      await vi.waitFor(() => expect(events.heard).toEqual([1, 2]), within);
    } finally {
      vi.useRealTimers();
    }
  });

  test("cuts anywhere neither lose nor repeat", async () => {
    const events = record(open({ transport }), ["a", "b", "c"], { since: 0 });
    await connected(events);
    for (let n = 1; n <= 120; n++) {
      for (const channel of ["a", "b", "c"]) emit(channel, [n]);
      if (n % 30 === 7) server.cutAfter = 2;
      if (n % 40 === 20) {
        server.cutAll();
        await connected(events).catch(() => {});
      }
      await new Promise(setImmediate);
    }
    await vi.waitFor(() => expect(events.heard.length).toBe(360), within);
    for (const channel of ["a", "b", "c"]) expect(events.by[channel]).toEqual(upTo(120));
  });

  test("a server that repeats itself is heard once", async () => {
    server.copies = 3;
    const events = record(open({ transport }), ["a"], { since: 0 });
    await connected(events);
    emit("a", upTo(10));
    await vi.waitFor(() => expect(events.heard.length).toBeGreaterThanOrEqual(10), within);
    expect(events.heard).toEqual(upTo(10));
  });

  test("what is no longer kept is told as a gap, then it goes on", async () => {
    const connection = open({ transport });
    const events = record(connection, ["a"], { since: 0 });
    emit("a", [1, 2]);
    await vi.waitFor(() => expect(events.heard).toEqual([1, 2]), within);
    const last = server.tail("a");
    server.listeners.forEach((listener) => listener.places.clear());
    emit("a", [3, 4, 5]);
    server.trim("a", 1);
    server.cutAll();
    await vi.waitFor(() => expect(events.heard).toEqual([1, 2, 5]), within);
    expect(events.gaps).toMatchObject([{ channel: "a", after: last, reason: "trimmed" }]);
  });

  test("a channel that began anew below our place is told as a gap and followed", async () => {
    const events = record(open({ transport }), ["a"], { since: 0 });
    emit("a", [1, 2]);
    await vi.waitFor(() => expect(events.heard).toEqual([1, 2]), within);
    server.restart("a", 1_600_000_000_000);
    server.cutAll();
    await vi.waitFor(() => expect(events.gaps).toHaveLength(1), within);
    emit("a", [3, 4]);
    await vi.waitFor(() => expect(events.heard).toEqual([1, 2, 3, 4]), within);
    expect(events.gaps[0]).toMatchObject({ reason: "restarted", until: "1600000000000-0" });
  });

  test("a second subscription gets its history, the first no repeats", async () => {
    const connection = open({ transport });
    emit("a", [1, 2, 3]);
    const live = record(connection, ["a"]);
    await connected(live);
    emit("a", [4]);
    await vi.waitFor(() => expect(live.heard).toEqual([4]), within);
    const whole = record(connection, ["a"], { since: 0 });
    await vi.waitFor(() => expect(whole.heard).toEqual([1, 2, 3, 4]), within);
    await connected(whole);
    emit("a", [5, 6]);
    await vi.waitFor(() => expect(whole.heard).toEqual(upTo(6)), within);
    expect(live.heard).toEqual([4, 5, 6]);
  });

  test("two that begin together, one with history, one with now", async () => {
    const connection = open({ transport });
    emit("a", [1, 2]);
    const whole = record(connection, ["a"], { since: 0 });
    const live = record(connection, ["a"]);
    await Promise.all([connected(whole), connected(live)]);
    emit("a", [3]);
    await vi.waitFor(() => expect([whole.heard, live.heard]).toEqual([[1, 2, 3], [3]]), within);
  });

  test("changing the set of channels under load neither loses nor repeats", async () => {
    const connection = open({ transport });
    const steady = record(connection, ["a"], { since: 0 });
    const others: ReturnType<typeof record>[] = [];
    for (let n = 1; n <= 60; n++) {
      emit("a", [n]);
      if (n % 6 === 0) others.push(record(connection, ["a", `x${n}`], { since: 0 }));
      if (n % 9 === 0) others.shift()?.close();
      await new Promise((done) => setTimeout(done, 3));
    }
    await vi.waitFor(() => expect(steady.heard.length).toBeGreaterThanOrEqual(60), within);
    expect(steady.heard).toEqual(upTo(60));
    for (const other of others) {
      await vi.waitFor(() => expect(other.by.a).toEqual(upTo(60)), within);
    }
  });

  test("closing and subscribing again goes on where it stopped", async () => {
    const connection = open({ transport });
    const first = record(connection, ["a"], { since: 0 });
    emit("a", [1, 2]);
    await vi.waitFor(() => expect(first.heard).toEqual([1, 2]), within);
    first.close();
    emit("a", [3]);
    const second = record(connection, ["a"]);
    emit("a", [4]);
    await vi.waitFor(() => expect(second.heard).toEqual([3, 4]), within);
    expect(first.heard).toEqual([1, 2]);
  });

  test("what still came for nobody is handed to who subscribes again", async () => {
    const connection = open({ transport });
    const steady = record(connection, ["b"]);
    const first = record(connection, ["a"]);
    await Promise.all([connected(steady), connected(first)]);
    emit("a", [1]);
    await vi.waitFor(() => expect(first.heard).toEqual([1]), within);
    first.close();
    emit("a", [2]); // on its way before the server knows that nobody listens
    emit("b", [10]);
    await vi.waitFor(() => expect(steady.heard).toEqual([10]), within);
    const second = record(connection, ["a"]);
    emit("a", [3]);
    await vi.waitFor(() => expect(second.heard).toEqual([2, 3]), within);
  });

  test("stored cursors carry over to another connection", async () => {
    const first = record(open({ transport }), ["a", "b"], { since: 0 });
    emit("a", [1, 2]);
    emit("b", [10]);
    await vi.waitFor(() => expect(first.heard).toHaveLength(3), within);
    const stored = JSON.parse(JSON.stringify(first.cursors()));
    first.close();
    emit("a", [3]);
    emit("b", [11]);
    const second = record(open({ transport }), ["a", "b"], { since: stored });
    await vi.waitFor(() => expect(second.by).toEqual({ a: [3], b: [11] }), within);
  });

  test("events that were not asked for move the cursor all the same", async () => {
    const events = record(open({ transport }), ["a"], { since: 0, events: ["test.number"] });
    emit("a", [1]);
    const last = server.emit("a", "test.other", 2);
    await vi.waitFor(() => expect(events.cursors()).toEqual({ a: last }), within);
    expect(events.heard).toEqual([1]);
  });

  test.each([-3_600_000, 3_600_000])("a clock that is %i ms off loses and repeats nothing", async (off) => {
    const right = Date.now;
    vi.spyOn(Date, "now").mockImplementation(() => right() + off);
    try {
      emit("a", [1, 2]);
      const events = record(open({ transport }), ["a"]);
      await connected(events);
      server.cutAll(); // before any event told us where we are
      emit("a", [3, 4]);
      await vi.waitFor(() => expect(events.heard).toEqual([3, 4]), within);
    } finally {
      vi.mocked(Date.now).mockRestore();
    }
  });

  test("200 channels, more and more of them, through cuts; one too many is told, and let in later", async () => {
    const names = Array.from({ length: 201 }, (_, n) => `channel-${n}`);
    const connection = open({ transport });
    const first = record(connection, names.slice(0, 45), { since: 0 });
    await connected(first);
    const more = record(connection, names.slice(45, 130), { since: 0 });
    for (const name of names) emit(name, [1]);
    await connected(more);
    const rest = record(connection, names.slice(130, 200), { since: 0 });
    await connected(rest);
    const last = record(connection, names.slice(200), { since: 0 });
    await vi.waitFor(() => expect(last.status().status).toBe("error"), within);
    expect(last.status().problem).toMatchObject({ kind: "too-many-channels" });
    server.cutAll();
    for (const name of names) emit(name, [2]);
    const all = () => ({ ...first.by, ...more.by, ...rest.by });
    const twice = Object.fromEntries(names.slice(0, 200).map((name) => [name, [1, 2]]));
    await vi.waitFor(() => expect(all()).toEqual(twice), within);
    first.close();
    await vi.waitFor(() => expect(last.heard).toEqual([1, 2]), within);
    for (const name of names) emit(name, [3]);
    await vi.waitFor(() => expect(last.heard).toEqual([1, 2, 3]), within);
    for (const name of names.slice(45, 200)) expect(all()[name]!.slice(0, 2)).toEqual([1, 2]);
    await connected(rest);
    expect(server.listeners.size).toBe(transport === "sse" ? 4 : 1);
  });

  test("a planned reconnect is never noticed", async () => {
    const events = record(open({ transport }), ["a"], { since: 0 });
    await connected(events);
    const [old] = server.listeners;
    server.write({ type: "reconnect", timestamp: Date.now() });
    await vi.waitFor(() => expect(server.listeners.has(old!)).toBe(false), within);
    old!.end(4100);
    emit("a", [1]);
    await vi.waitFor(() => expect(events.heard).toEqual([1]), within);
    expect(events.statuses.map(({ status }) => status)).toEqual(["connecting", "connected"]);
  });

  test("a delay that the server asks for is kept", async () => {
    const events = record(open({ transport }), ["a"], { since: 0 });
    await connected(events);
    const [old] = server.listeners;
    const at = Date.now();
    server.write({ type: "reconnect", timestamp: at, delayMs: 700 });
    old!.end(4129);
    await vi.waitFor(() => expect(server.requests).toHaveLength(2), within);
    expect(Date.now() - at).toBeGreaterThanOrEqual(690);
    await connected(events);
  });

  test("a channel we may not listen to is told; the others go on", async () => {
    server.allows = (channel) => channel !== "secret";
    const connection = open({ transport });
    const both = record(connection, ["a", "secret"], { since: 0 });
    await vi.waitFor(() => expect(both.status().status).toBe("error"), within);
    expect(both.status().problem).toMatchObject({ kind: "channel-denied", status: 403 });
    emit("a", [1]);
    await vi.waitFor(() => expect(both.heard).toEqual([1]), within);
  });

  test("a grant that has run out is renewed once, and only if another comes", async () => {
    const grants = ["old", "new"];
    server.allows = (_, grant) => grant === "new";
    const grant = vi.fn(() => (grants.length > 1 ? grants.shift() : grants[0]));
    const events = record(open({ transport, grant }), ["a"], { since: 0 });
    emit("a", [1]);
    await vi.waitFor(() => expect(events.heard).toEqual([1]), within);
    const refused = record(open({ transport, grant: () => "old" }), ["a"]);
    await vi.waitFor(() => expect(refused.status().status).toBe("error"), within);
  });

  test("one listener that throws does not stop another", async () => {
    const connection = open({ transport });
    const faults: unknown[] = [];
    const catcher = (fault: unknown) => faults.push(fault);
    process.prependListener("uncaughtException", catcher);
    const others = process.listeners("uncaughtException").filter((one) => one !== catcher);
    for (const other of others) process.removeListener("uncaughtException", other as never);
    try {
      connection.subscribe(["a"], {
        since: 0,
        onEvent() {
          throw new Error("mine");
        },
      });
      const events = record(connection, ["a"], { since: 0 });
      emit("a", [1, 2]);
      await vi.waitFor(() => expect(events.heard).toEqual([1, 2]), within);
      await vi.waitFor(() => expect(faults).toHaveLength(2), within);
    } finally {
      process.removeListener("uncaughtException", catcher);
      for (const other of others) process.on("uncaughtException", other as never);
    }
  });

  test("history comes in pages", async () => {
    emit("a", upTo(5));
    const connection = open({ transport });
    const first = await connection.history("a", { limit: 3 });
    expect(first.events.map(({ data }) => data)).toEqual([1, 2, 3]);
    const second = await connection.history("a", { after: first.cursor!, limit: 3 });
    expect(second.events.map(({ data }) => data)).toEqual([4, 5]);
    expect(second.cursor).toBeUndefined();
  });

  test("ephemeral events reach those who asked, and have no place", async () => {
    const seen: unknown[] = [];
    const connection = open({ transport });
    const events = record(connection, ["a"], { onEphemeral: (event) => seen.push(event) });
    await connected(events);
    const before = events.cursors();
    server.write({ type: "ephemeral", channel: "a", event: "typing", data: { who: "x" } });
    await vi.waitFor(() => expect(seen).toEqual([{ channel: "a", event: "typing", data: { who: "x" } }]), within);
    expect(events.cursors()).toEqual(before);
  });
}
