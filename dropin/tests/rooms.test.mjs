// The rooms of the second seed, reduced to their routes: hashes and lists of the program's own, its
// events on a channel named like the room, everything under one time to live.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { Realtime } from "@upstash/realtime";
import { Redis } from "@upstash/redis";
import { z } from "zod";
import { redisOptions, until } from "../lib/stepcast.mjs";

const redis = new Redis(redisOptions);
const message = z.object({
  id: z.string(), sender: z.string(), text: z.string(), timestamp: z.number(), roomId: z.string(),
  token: z.string().optional(),
});
const realtime = new Realtime({
  schema: { chat: { message, destroy: z.object({ isDestroyed: z.literal(true) }) } }, redis,
});
const TTL_SECONDS = 600;

const routes = {
  async create() {
    const roomId = randomUUID();
    await redis.hset(`meta:${roomId}`, { connected: [], createdAt: Date.now() });
    await redis.expire(`meta:${roomId}`, TTL_SECONDS);
    return roomId;
  },
  async join(roomId, token) {
    const meta = await redis.hgetall(`meta:${roomId}`);
    if (!meta) return "room-not-found";
    if (meta.connected.length >= 2) return "room-full";
    await redis.hset(`meta:${roomId}`, { connected: [...meta.connected, token] });
    return "joined";
  },
  async post(roomId, token, { sender, text }) {
    if (!(await redis.exists(`meta:${roomId}`))) throw new Error("Room does not exist");
    const message = { id: randomUUID(), sender, text, timestamp: Date.now(), roomId };
    await redis.rpush(`messages:${roomId}`, { ...message, token });
    await realtime.channel(roomId).emit("chat.message", message);
    const remaining = await redis.ttl(`meta:${roomId}`);
    await redis.expire(`messages:${roomId}`, remaining);
    await redis.expire(`history:${roomId}`, remaining);
    await redis.expire(roomId, remaining);
  },
  list: (roomId) => redis.lrange(`messages:${roomId}`, 0, -1),
  async destroy(roomId) {
    await realtime.channel(roomId).emit("chat.destroy", { isDestroyed: true });
    await Promise.all([redis.del(roomId), redis.del(`meta:${roomId}`), redis.del(`messages:${roomId}`)]);
  },
};

test("a room's life: two seats, messages heard and listed, one time to live, destroyed", async () => {
  const roomId = await routes.create();
  assert.equal(await routes.join(roomId, "a"), "joined");
  assert.equal(await routes.join(roomId, "b"), "joined");
  assert.equal(await routes.join(roomId, "c"), "room-full");
  const heard = [];
  const stop = await realtime.channel(roomId).subscribe({
    events: ["chat.message", "chat.destroy"], onData: (e) => heard.push(e),
  });
  await routes.post(roomId, "a", { sender: "anna", text: "hällo “you”" });
  await routes.post(roomId, "b", { sender: "ben", text: "123" });
  await until(() => heard.length === 2);
  assert.deepEqual(heard.map((e) => e.data.text), ["hällo “you”", "123"]);
  assert.deepEqual((await routes.list(roomId)).map((m) => [m.sender, m.text, m.token]),
    [["anna", "hällo “you”", "a"], ["ben", "123", "b"]]);
  for (const key of [roomId, `meta:${roomId}`, `messages:${roomId}`]) {
    const ttl = await redis.ttl(key);
    assert.ok(ttl > TTL_SECONDS - 30 && ttl <= TTL_SECONDS, `${key} ${ttl}`);
  }
  await routes.destroy(roomId);
  await until(() => heard.length === 3);
  assert.deepEqual(heard[2].data, { isDestroyed: true });
  assert.deepEqual(await realtime.channel(roomId).history(), []);
  assert.equal(await routes.join(roomId, "d"), "room-not-found");
  await stop();
});
