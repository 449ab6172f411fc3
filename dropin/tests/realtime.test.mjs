// The server half of @upstash/realtime: emit, history, subscribe and its SSE handler, on our channels.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { handle, Realtime } from "@upstash/realtime";
import { Redis } from "@upstash/redis";
import { z } from "zod/v4";
import { redisOptions, stepcastUrl, until } from "../lib/stepcast.mjs";

const redis = new Redis(redisOptions);
const schema = {
  chat: { message: z.object({ text: z.string() }), destroy: z.object({ isDestroyed: z.literal(true) }) },
};
const realtime = new Realtime({ schema, redis });
const fresh = (name = "order") => realtime.channel(`${name}-${randomUUID()}`);
const named = (name) => [realtime.channel(name), name];

describe("history", () => {
  test("is what was emitted, oldest first, with ids that grow", async () => {
    const channel = fresh();
    for (let i = 0; i < 5; i++) await channel.emit("chat.message", { text: `é“${i}”` });
    const history = await channel.history();
    assert.deepEqual(history.map((e) => e.data.text), [0, 1, 2, 3, 4].map((i) => `é“${i}”`));
    assert.ok(history.every((e) => /^\d+-\d+$/.test(e.id) && e.event === "chat.message"));
  });

  test("begins with the oldest where there is a limit, and may be cut by id", async () => {
    const channel = fresh();
    for (let i = 0; i < 4; i++) await channel.emit("chat.message", { text: `${i}` });
    assert.deepEqual((await channel.history({ limit: 2 })).map((e) => e.data.text), ["0", "1"]);
    const all = await channel.history();
    assert.deepEqual((await channel.history({ start: all[2].id })).map((e) => e.data.text), ["2", "3"]);
  });

  test("gives back every value as it was, on channels of any name", async () => {
    for (const name of [`${Date.now()}${Math.floor(Math.random() * 1e6)}`, `a/b:c ä-${randomUUID()}`]) {
      const [channel] = named(name);
      const values = ["123", "true", "12345678901234567890", 'say "x"', 7, 1.5, true, null, [1], { a: "1" }, ""];
      for (const value of values) await channel.emit("note.taken", value);
      const history = await channel.history();
      assert.deepEqual(history.map((e) => e.data), values);
      assert.ok(history.every((e) => e.channel === name));
    }
  });

  test("is as long as the program wants", async () => {
    const short = new Realtime({ schema, redis, history: { maxLength: 3, expireAfterSecs: 100 } });
    const name = `short-${randomUUID()}`;
    for (let i = 0; i < 6; i++) await short.channel(name).emit("chat.message", { text: `${i}` });
    assert.deepEqual((await short.channel(name).history()).map((e) => e.data.text), ["3", "4", "5"]);
    const ttl = await redis.ttl(name);
    assert.ok(ttl > 90 && ttl <= 100, `ttl ${ttl}`);
    assert.equal(await redis.del(name), 1);
    assert.deepEqual(await short.channel(name).history(), []);
  });
});

describe("subscribe", () => {
  test("tells each event once, in order, also those of /api/emit", async () => {
    const name = `live-${randomUUID()}`;
    const channel = realtime.channel(name);
    await channel.emit("chat.message", { text: "before" });
    const heard = [];
    const stop = await channel.subscribe({
      events: ["chat.message", "note"], history: true, onData: (e) => heard.push(e),
    });
    for (let i = 0; i < 50; i++) await channel.emit("chat.message", { text: `${i}` });
    const answer = await fetch(`${stepcastUrl}/api/emit`, {
      method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ channel: name, event: "note", data: { text: "ours" } }),
    });
    assert.equal(answer.status, 200);
    await until(() => heard.length === 52);
    assert.deepEqual(heard.slice(0, 51).map((e) => e.data.text), ["before", ...Array(50).keys()].map(String));
    assert.equal(heard[51].event, "note");
    assert.equal(heard[51].id, (await answer.json()).id);
    await stop();
  });

  test("goes on after a cursor, and says when that is gone", async () => {
    const channel = fresh();
    for (let i = 0; i < 3; i++) await channel.emit("chat.message", { text: `${i}` });
    const [first] = await channel.history();
    const heard = [];
    const stop = await channel.subscribe({
      events: ["chat.message"], after: first.id, onData: (e) => heard.push(e.data.text),
    });
    assert.deepEqual(heard, ["1", "2"]);
    await stop();
    await assert.rejects(channel.subscribe({ events: ["chat.message"], after: "1-1", onData() {} }), /unavailable/);
  });
});

test("a program's own schema is the one that holds", async () => {
  await assert.rejects(fresh().emit("chat.message", { text: 5 }));
  await fresh().emit("unheard.of", { any: "thing" });
});

test("the SSE handler replays and goes on live", async () => {
  const name = `sse-${randomUUID()}`;
  const channel = realtime.channel(name);
  await channel.emit("chat.message", { text: "1" });
  const response = await handle({ realtime })(new Request(
    `http://x/api/realtime?channel=${name}&last_ack_${name}=0`));
  const frames = [];
  const reader = response.body.getReader();
  const reading = (async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      for (const line of new TextDecoder().decode(part.value).split("\n")) {
        if (line.startsWith("data: ")) frames.push(JSON.parse(line.slice(6)));
      }
    }
  })();
  await until(() => frames.length === 2);
  await channel.emit("chat.message", { text: "2" });
  await until(() => frames.length === 3);
  assert.deepEqual(frames[0], { type: "connected", channel: name });
  assert.deepEqual(frames.slice(1).map((f) => f.data.text), ["1", "2"]);
  await reader.cancel();
  await reading;
});
