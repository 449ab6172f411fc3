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

test("each command that is offered answers as Redis does", async () => {
  const [t, u, h, l, m, a, b, z, p, g] = "tuhlmabzpg".split("").map(key);
  const r = redis;
  const steps = {
    setex: [() => r.setex(t, 100, "ab"), "OK"], psetex: [() => r.psetex(t, 100_000, "ab"), "OK"], setnx: [() => r.setnx(t, "x"), 0],
    append: [() => r.append(t, "cd"), 4], strlen: [() => r.strlen(t), 4], getrange: [() => r.getrange(t, 1, 2), "bc"],
    setrange: [() => r.setrange(t, 0, "X"), 4], getset: [() => r.getset(t, "y"), "Xbcd"], getex: [() => r.getex(t, { ex: 50 }), "y"],
    getdel: [() => r.getdel(t), "y"], incr: [() => r.incr(t), 1], decr: [() => r.decr(t), 0], decrby: [() => r.decrby(t, 2), -2],
    incrbyfloat: [() => r.incrbyfloat(t, 2.5), 0.5], mset: [() => r.mset({ [t]: 1, [u]: 2 }), "OK"], msetnx: [() => r.msetnx({ [t]: 1 }), 0],
    setbit: [() => r.setbit(u, 30, 1), 0], getbit: [() => r.getbit(u, 30), 1], bitcount: [() => r.bitcount(u, 0, -1), 4], bitpos: [() => r.bitpos(u, 1), 2],
    touch: [() => r.touch(t, u), 2], type: [() => r.type(t), "string"], rename: [() => r.rename(u, m), "OK"], renamenx: [() => r.renamenx(m, t), 0],
    copy: [() => r.copy(m, u), "COPIED"], pexpire: [() => r.pexpire(t, 50_000), 1], persist: [() => r.persist(t), 1], pttl: [() => r.pttl(t), -1],
    expireat: [() => r.expireat(t, 4_000_000_000), 1], pexpireat: [() => r.pexpireat(t, 4_000_000_000_000), 1], unlink: [() => r.unlink(t, u, m), 3],
    hset: [() => r.hset(h, { a: 1, b: "x" }), 2], hsetnx: [() => r.hsetnx(h, "a", 2), 0], hmget: [() => r.hmget(h, "a", "none"), { a: 1, none: null }],
    hexists: [() => r.hexists(h, "a"), 1], hincrby: [() => r.hincrby(h, "a", 2), 3], hincrbyfloat: [() => r.hincrbyfloat(h, "a", 0.5), 3.5],
    hkeys: [() => r.hkeys(h), ["a", "b"]], hvals: [() => r.hvals(h), [3.5, "x"]], hlen: [() => r.hlen(h), 2], hstrlen: [() => r.hstrlen(h, "b"), 1],
    hscan: [() => r.hscan(h, 0), ["0", ["a", 3.5, "b", "x"]]], hdel: [() => r.hdel(h, "a"), 1], hrandfield: [() => r.hrandfield(h), "b"],
    lpush: [() => r.lpush(l, "b", "a"), 2], rpushx: [() => r.rpushx(l, "c"), 3], lpushx: [() => r.lpushx(key("no"), "c"), 0], llen: [() => r.llen(l), 3],
    lindex: [() => r.lindex(l, 1), "b"], linsert: [() => r.linsert(l, "before", "b", "x"), 4], lpos: [() => r.lpos(l, "b"), 2],
    lset: [() => r.lset(l, 0, "z"), "OK"], lrem: [() => r.lrem(l, 0, "x"), 1], ltrim: [() => r.ltrim(l, 0, 1), "OK"],
    lmove: [() => r.lmove(l, m, "left", "right"), "z"], lpop: [() => r.lpop(l), "b"], rpop: [() => r.rpop(m), "z"],
    sadd: [() => r.sadd(a, "x", "y"), 2], sadd2: [() => r.sadd(b, "y", "w"), 2], sismember: [() => r.sismember(a, "x"), 1], smismember: [() => r.smismember(a, ["x", "w"]), [1, 0]],
    scard: [() => r.scard(a), 2], sinter: [() => r.sinter(a, b), ["y"]], sunionstore: [() => r.sunionstore(m, a, b), 3], sdiff: [() => r.sdiff(a, b), ["x"]],
    sinterstore: [() => r.sinterstore(m, a, b), 1], sdiffstore: [() => r.sdiffstore(m, a, b), 1], smove: [() => r.smove(a, b, "x"), 1],
    sunion: [async () => (await r.sunion(a, b)).sort(), ["w", "x", "y"]], sscan: [() => r.sscan(a, 0), ["0", ["y"]]], srandmember: [() => r.srandmember(a), "y"],
    srem: [() => r.srem(b, "w"), 1], spop: [() => r.spop(a), "y"],
    zadd: [() => r.zadd(z, { score: 1, member: "a" }, { score: 2, member: "b" }, { score: 3, member: "c" }), 3], zscore: [() => r.zscore(z, "b"), 2],
    zmscore: [() => r.zmscore(z, ["a", "no"]), [1, null]], zcard: [() => r.zcard(z), 3], zcount: [() => r.zcount(z, 2, 3), 2], zlexcount: [() => r.zlexcount(z, "-", "+"), 3],
    zincrby: [() => r.zincrby(z, 5, "a"), 6], zrank: [() => r.zrank(z, "a"), 2], zrevrank: [() => r.zrevrank(z, "a"), 0],
    zrange: [() => r.zrange(z, 0, -1, { rev: true, withScores: true }), ["a", 6, "c", 3, "b", 2]], zscan: [() => r.zscan(z, 0), ["0", ["b", 2, "c", 3, "a", 6]]],
    zpopmin: [() => r.zpopmin(z), ["b", 2]], zpopmax: [() => r.zpopmax(z), ["a", 6]], zrem: [() => r.zrem(z, "c"), 1],
    zremrangebyrank: [() => r.zremrangebyrank(z, 0, -1), 0], zremrangebyscore: [() => r.zremrangebyscore(z, 0, 9), 0], zremrangebylex: [() => r.zremrangebylex(z, "-", "+"), 0],
    pfadd: [() => r.pfadd(p, "a", "b"), 1], pfcount: [() => r.pfcount(p), 2],
    geoadd: [() => r.geoadd(g, { longitude: 13.4, latitude: 52.5, member: "Berlin" }, { longitude: 9.99, latitude: 53.55, member: "Hamburg" }), 2],
    geodist: [async () => Math.round(await r.geodist(g, "Berlin", "Hamburg", "KM")), 256], geopos: [async () => Math.round((await r.geopos(g, "Berlin"))[0].lat), 53],
    geosearch: [async () => (await r.geosearch(g, { type: "FROMMEMBER", member: "Berlin" }, { type: "BYRADIUS", radius: 1, radiusType: "KM" }, "ASC")).map((f) => f.member), ["Berlin"]],
  };
  for (const [name, [does, expected]] of Object.entries(steps)) {
    assert.deepEqual(await does(), expected, name);
  }
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
