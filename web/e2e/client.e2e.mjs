// The client as it is built, in Node, against a running Stepcast, over both transports.
// BASE_URL=http://127.0.0.1:8080 node --test e2e/client.e2e.mjs
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { connect, ProblemError } from "@stepcast/client";
import { createApi } from "@stepcast/client/http";
import { WebSocket } from "ws";

globalThis.WebSocket ??= WebSocket; // Node 22 has its own

const base = (process.env.BASE_URL ?? "http://127.0.0.1:8080").replace(/\/$/, "");
const api = createApi({ url: `${base}/api` });
const transports = (process.env.TRANSPORTS ?? "sse,websocket").split(",");

const channelName = () => `e2e-${randomUUID()}`;
const emit = (channel, ...texts) =>
  api.emitAll(texts.map((text) => ({ channel, event: "note", data: { text: String(text) } })));

/** Writes down what comes, and can wait for it. */
function record(connection, channels, options = {}) {
  const heard = [];
  const gaps = [];
  const waiting = new Set();
  const check = () => {
    for (const one of waiting) if (one.when()) waiting.delete(one), one.done();
  };
  const subscription = connection.subscribe(channels, {
    ...options,
    onEvent: ({ data }) => (heard.push(data.text), check()),
    onGap: (gap) => (gaps.push(gap), check()),
    onStatus: check,
  });
  const until = (when) =>
    new Promise((done, failed) => {
      const late = setTimeout(() => failed(new Error(`heard only ${heard.join(" ")}`)), 30_000);
      waiting.add({ when, done: () => (clearTimeout(late), done()) });
      check();
    });
  return {
    heard,
    gaps,
    ...subscription,
    hears: (...texts) => until(() => heard.length >= texts.length).then(() => assert.deepEqual(heard, texts.map(String))),
    hearsInAnyOrder: (count) => until(() => heard.length >= count),
    connected: () => until(() => subscription.status().status === "connected"),
    refused: () => until(() => subscription.status().status === "error"),
  };
}

for (const transport of transports) {
  describe(`over ${transport}`, { timeout: 120_000 }, () => {
    const open = (t) => {
      const connection = connect({ url: `${base}/api/realtime`, transport });
      t.after(() => connection.close());
      return connection;
    };

    test("what comes after, once and in order", async (t) => {
      const channel = channelName();
      const events = record(open(t), [channel]);
      await events.connected();
      await emit(channel, 1, 2, 3);
      await events.hears(1, 2, 3);
    });

    test("what is kept, then what comes", async (t) => {
      const channel = channelName();
      await emit(channel, 1, 2);
      const events = record(open(t), [channel], { since: 0 });
      await events.hears(1, 2);
      await emit(channel, 3);
      await events.hears(1, 2, 3);
    });

    test("a stored place", async (t) => {
      const channel = channelName();
      const [first] = await emit(channel, 1, 2);
      const events = record(open(t), [channel], { since: { [channel]: first.id } });
      await events.hears(2);
    });

    test("a moment, with what happened in that very millisecond", async (t) => {
      const channel = channelName();
      await emit(channel, 1);
      await new Promise((later) => setTimeout(later, 5));
      const [second] = await emit(channel, 2);
      const events = record(open(t), [channel], { since: Number(second.id.split("-")[0]) });
      await events.hears(2);
    });

    test("more subscriptions on one connection, with and without history", async (t) => {
      const [a, b] = [channelName(), channelName()];
      await emit(a, 1, 2);
      await emit(b, 10);
      const connection = open(t);
      const live = record(connection, [a]);
      await live.connected();
      const whole = record(connection, [a], { since: 0 });
      const other = record(connection, [b], { since: 0 });
      await whole.hears(1, 2);
      await other.hears(10);
      await emit(a, 3);
      await whole.hears(1, 2, 3);
      await live.hears(3);
    });

    test("a channel left and joined again goes on where it stopped", async (t) => {
      const [a, b] = [channelName(), channelName()];
      const connection = open(t);
      const steady = record(connection, [b]);
      const first = record(connection, [a]);
      await first.connected();
      await emit(a, 1);
      await first.hears(1);
      first.close();
      await emit(a, 2);
      const second = record(connection, [a]);
      await emit(a, 3);
      await second.hears(2, 3);
      await emit(b, "still here");
      await steady.hears("still here");
    });

    test("changing the set of channels while many events come", async (t) => {
      const channel = channelName();
      const connection = open(t);
      const events = record(connection, [channel], { since: 0 });
      await events.connected();
      const numbers = [];
      for (let round = 0; round < 10; round++) {
        const other = record(connection, [channelName()]);
        const batch = Array.from({ length: 20 }, (_, n) => round * 20 + n);
        numbers.push(...batch);
        await emit(channel, ...batch);
        other.close();
      }
      await events.hears(...numbers);
    });

    test("a room without a seat is refused, with the reason", async (t) => {
      const { roomId } = await api.createRoom({});
      const events = record(open(t), [roomId]);
      await events.refused();
      assert.ok([401, 403].includes(events.status().problem.status), JSON.stringify(events.status()));
    });

    test("120 channels on one connection, more of them while events come", async (t) => {
      const names = Array.from({ length: 120 }, channelName);
      const connection = open(t);
      const first = record(connection, names.slice(0, 60), { since: 0 });
      await Promise.all(names.map((name, n) => emit(name, `${n} a`)));
      const rest = record(connection, names.slice(60), { since: 0 });
      await Promise.all([first.connected(), rest.connected()]);
      await Promise.all(names.map((name, n) => emit(name, `${n} b`)));
      await Promise.all([first.hearsInAnyOrder(120), rest.hearsInAnyOrder(120)]);
      const all = [...first.heard, ...rest.heard];
      assert.equal(new Set(all).size, 240);
      names.forEach((_, n) => assert.ok(all.indexOf(`${n} a`) < all.indexOf(`${n} b`)));
    });

    test("more channels than one connection carries are refused, and only they", async (t) => {
      const connection = open(t);
      const most = record(connection, Array.from({ length: 200 }, channelName));
      const beyond = record(connection, [channelName()]);
      await Promise.all([most.connected(), beyond.refused()]);
      assert.equal(beyond.status().problem.kind, "too-many-channels");
    });

    test("who is in a room, and who comes and goes", async (t) => {
      const { roomId } = await api.createRoom({ seats: 4 });
      const of = (subject) => {
        const channels = { [roomId]: ["subscribe", "presence"] };
        const grant = async () => (await api.grant({ subject, channels, ttlMs: 60_000 })).grant;
        const connection = connect({ url: `${base}/api/realtime`, transport, grant });
        t.after(() => connection.close());
        return connection;
      };
      const ann = of("ann");
      const told = [];
      const onEphemeral = ({ event, data }) => told.push([event, data.id]);
      await record(ann, [roomId], { onEphemeral }).connected();
      const there = async (...ids) => {
        for (;;) {
          const seen = (await ann.presence(roomId)).map(({ id }) => id);
          if (ids.every((id) => seen.includes(id))) return assert.equal(seen.length, ids.length);
          await new Promise((later) => setTimeout(later, 50));
        }
      };
      await there("ann");
      await record(of("bob"), [roomId]).connected();
      await there("ann", "bob");
      // Over a WebSocket the question also asks to be told; when that comes is nobody's promise.
      const heardOf = () => told.some(([event, id]) => event === "realtime.join" && id === "bob");
      while (transport === "websocket" && !heardOf()) await new Promise((later) => setTimeout(later, 20));
    });

    test("pages of history", async (t) => {
      const channel = channelName();
      await emit(channel, 1, 2, 3);
      const connection = open(t);
      const first = await connection.history(channel, { limit: 2 });
      assert.deepEqual(first.events.map(({ data }) => data.text), ["1", "2"]);
      const rest = await connection.history(channel, { after: first.events.at(-1).id });
      assert.deepEqual(rest.events.map(({ data }) => data.text), ["3"]);
    });
  });
}

test("publishing over a WebSocket appends once for each key, where it is allowed", async (t) => {
  const channels = { "e2e-*": ["subscribe", "publish"] };
  const grant = async () => (await api.grant({ subject: "e2e", channels, ttlMs: 60_000 })).grant;
  const connection = connect({ url: `${base}/api/realtime`, transport: "websocket", grant });
  t.after(() => connection.close());
  const channel = channelName();
  await connection.publish(channel, "note", { text: "before anybody listens" });
  const events = record(connection, [channel], { since: "now" });
  await events.connected();
  const id = await connection.publish(channel, "note", { text: "mine" }, "key-1");
  assert.equal(await connection.publish(channel, "note", { text: "mine" }, "key-1"), id);
  await connection.publish(channel, "note", { text: "the end" });
  await events.hears("mine", "the end");
  assert.equal((await connection.history(channel)).events[1].id, id);
  const { roomId } = await api.createRoom({});
  await assert.rejects(connection.publish(roomId, "note", { text: "not mine" }), ProblemError);
  await assert.rejects(connection.publish(channel, "note", { text: 1 }), { kind: "event-invalid" });
});

test("a no is a typed problem", async () => {
  await assert.rejects(api.trigger({ workflow: "no-such-workflow", payload: {} }), (fault) => {
    assert.ok(fault instanceof ProblemError);
    assert.equal(fault.kind, "workflow-unknown");
    assert.equal(fault.status, 404);
    return true;
  });
  await assert.rejects(api.emit({ channel: "x", event: "note", data: { text: 1 } }), { kind: "event-invalid", status: 422 });
});
