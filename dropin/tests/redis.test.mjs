// What @upstash/redis sends for keys of a program's own: strings, hashes, lists, sets, counters.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { Redis } from "@upstash/redis";
import { redisOptions } from "../lib/stepcast.mjs";

const redis = new Redis(redisOptions);
const key = (name) => `${name}-${randomUUID()}`;

describe("a key of a program's own", () => {
  test("keeps strings, numbers and objects as they were", async () => {
    const k = key("value");
    for (const value of ["plain", "ünïcödé “quotes” 🎉", 42, 1.5, true, { a: [1, "x", null] }]) {
      assert.equal(await redis.set(k, value), "OK");
      assert.deepEqual(await redis.get(k), value);
    }
    assert.equal(await redis.get(key("none")), null);
  });

  test("keeps a hash with its types, and expires", async () => {
    const k = key("meta");
    await redis.hset(k, { connected: [], createdAt: 1795282857697, name: "x" });
    assert.deepEqual(await redis.hget(k, "connected"), []);
    assert.deepEqual(await redis.hgetall(k), { connected: [], createdAt: 1795282857697, name: "x" });
    assert.equal(await redis.expire(k, 600), 1);
    const ttl = await redis.ttl(k);
    assert.ok(ttl > 590 && ttl <= 600);
    assert.equal(await redis.exists(k), 1);
    assert.equal(await redis.del(k), 1);
    assert.equal(await redis.ttl(k), -2);
  });

  test("keeps lists, sets, sorted sets and counters", async () => {
    const [l, s, z, n] = ["l", "s", "z", "n"].map(key);
    await redis.rpush(l, { id: 1 }, { id: 2 });
    assert.deepEqual(await redis.lrange(l, 0, -1), [{ id: 1 }, { id: 2 }]);
    await redis.sadd(s, "a", "b");
    assert.deepEqual((await redis.smembers(s)).sort(), ["a", "b"]);
    await redis.zadd(z, { score: 2, member: "two" }, { score: 1, member: "one" });
    assert.deepEqual(await redis.zrange(z, 0, -1), ["one", "two"]);
    assert.equal(await redis.incrby(n, 5), 5);
    assert.deepEqual(await redis.mget(n, key("none")), [5, null]);
  });
});

describe("several commands at once", () => {
  test("are a pipeline in order, each with its own answer or fault", async () => {
    const k = key("p");
    const answers = await redis.pipeline().set(k, "x").incr(k).get(k).exec({ keepErrors: true });
    assert.equal(answers[0].result, "OK");
    assert.match(answers[1].error, /not an integer/);
    assert.equal(answers[2].result, "x");
  });

  test("are a transaction", async () => {
    const [a, b] = [key("a"), key("b")];
    assert.deepEqual(await redis.multi().set(a, 1).incr(a).hset(b, { x: 1 }).hgetall(b).exec(),
      ["OK", 2, 1, { x: 1 }]);
  });
});

describe("what is refused", () => {
  test("is a command that could leave the program's keys", async () => {
    await assert.rejects(redis.flushall(), /not available/);
    await assert.rejects(redis.eval("return 1", [], []), /not available/);
    await assert.rejects(redis.keys("*"), /not available/);
  });

  test("is a wrong token, and a command on the wrong type", async () => {
    await assert.rejects(new Redis({ ...redisOptions, token: "no" }).get("x"), /WRONGPASS/);
    const k = key("t");
    await redis.set(k, "x");
    await assert.rejects(redis.lpush(k, "y"), /WRONGTYPE/);
  });
});

test("a command may be a path, and an answer plain text", async () => {
  const k = key("path");
  const call = async (path, init) => (await fetch(`${redisOptions.url}/${path}`, {
    headers: { Authorization: `Bearer ${redisOptions.token}` }, ...init,
  })).json();
  assert.deepEqual(await call(`set/${k}/a%20b?EX=100`), { result: "OK" });
  assert.deepEqual(await call(`get/${k}`), { result: "a b" });
  assert.deepEqual(await call(`ttl/${k}`), { result: 100 });
});

test("plain messages reach who listens right now", async () => {
  const channel = key("chatter");
  const heard = [];
  const subscription = redis.subscribe([channel]);
  await new Promise((done) => subscription.on("subscribe", done));
  const got = new Promise((done) => subscription.on("message", ({ message }) => {
    heard.push(message);
    if (heard.length === 2) done();
  }));
  await redis.publish(channel, { hello: "world" });
  await redis.publish(channel, "text, with commas");
  await got;
  assert.deepEqual(heard, [{ hello: "world" }, "text, with commas"]);
  await subscription.unsubscribe();
});
