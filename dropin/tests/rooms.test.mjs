// The chat of the second seed, reduced to its routes: they are called over HTTP, with the cookie of
// each seat, and a page's event source listens on the program's own realtime route.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { handle, Realtime } from "@upstash/realtime";
import { Redis } from "@upstash/redis";
import { z } from "zod/v4";
import { app } from "../lib/app.mjs";
import { redisOptions, until } from "../lib/stepcast.mjs";

const redis = new Redis(redisOptions);

// src/lib/realtime.ts
const message = z.object({
  id: z.string(), sender: z.string(), text: z.string(), timestamp: z.number(), roomId: z.string(),
  token: z.string().optional(),
});
const realtime = new Realtime({
  schema: { chat: { message, destroy: z.object({ isDestroyed: z.literal(true) }) } }, redis,
});

// src/app/api/[[...slugs]]/route.ts
const ROOM_TTL_SECONDS = 60 * 10;
let ttlSeconds = ROOM_TTL_SECONDS;

async function seat(request) {
  const roomId = request.nextUrl.searchParams.get("roomId");
  const token = /x-auth-token=([^;]+)/.exec(request.headers.get("cookie") ?? "")?.[1];
  if (!roomId || !token) return { refused: new Response("Missing Room ID or Token.", { status: 401 }) };
  const connected = await redis.hget(`meta:${roomId}`, "connected");
  if (!connected?.includes(token)) return { refused: new Response("Invalid token", { status: 401 }) };
  return { roomId, token };
}
const seated = (route) => async (request) => {
  const auth = await seat(request);
  return auth.refused ?? route(request, auth);
};

async function create() {
  const roomId = randomUUID();
  await redis.hset(`meta:${roomId}`, { connected: [], createdAt: Date.now() });
  await redis.expire(`meta:${roomId}`, ttlSeconds);
  return Response.json({ roomId });
}
const ttl = seated(async (_request, { roomId }) => {
  const remaining = await redis.ttl(`meta:${roomId}`);
  return Response.json({ ttl: remaining > 0 ? remaining : 0 });
});
const post = seated(async (request, { roomId, token }) => {
  const { sender, text } = await request.json();
  if (!(await redis.exists(`meta:${roomId}`))) return new Response("Room does not exist", { status: 404 });
  const said = { id: randomUUID(), sender, text, timestamp: Date.now(), roomId };
  await redis.rpush(`messages:${roomId}`, { ...said, token });
  await realtime.channel(roomId).emit("chat.message", said);
  const remaining = await redis.ttl(`meta:${roomId}`);
  await redis.expire(`messages:${roomId}`, remaining);
  await redis.expire(`history:${roomId}`, remaining);
  await redis.expire(roomId, remaining);
  return new Response("");
});
const list = seated(async (_request, { roomId, token }) => {
  const messages = await redis.lrange(`messages:${roomId}`, 0, -1);
  return Response.json({ messages: messages.map((m) => ({ ...m, token: m.token === token ? token : undefined })) });
});
const destroy = seated(async (_request, { roomId }) => {
  await realtime.channel(roomId).emit("chat.destroy", { isDestroyed: true });
  await Promise.all([redis.del(roomId), redis.del(`meta:${roomId}`), redis.del(`messages:${roomId}`)]);
  return new Response("");
});

// src/proxy.ts: the way into a room's page
async function page(request) {
  const roomId = request.nextUrl.searchParams.get("roomId");
  const meta = await redis.hgetall(`meta:${roomId}`);
  const away = (why) => new Response(null, { status: 307, headers: { location: `/?alert=${why}` } });
  if (!meta) return away("room-not-found-404");
  const token = /x-auth-token=([^;]+)/.exec(request.headers.get("cookie") ?? "")?.[1];
  if (token && meta.connected.includes(token)) return new Response("page");
  if (meta.connected.length >= 2) return away("room-full");
  const minted = randomUUID();
  await redis.hset(`meta:${roomId}`, { connected: [...meta.connected, minted] });
  return new Response("page", { headers: { "set-cookie": `x-auth-token=${minted}; Path=/; HttpOnly` } });
}

const methods = (routes) => (request) => routes[request.method](request);
const site = await app({
  "/api/room/create": create, "/api/room/ttl": ttl, "/api/room": methods({ DELETE: destroy }),
  "/api/messages": methods({ GET: list, POST: post }), "/api/realtime": handle({ realtime }), "/room": page,
});
after(() => site.close());

const ask = (path, cookie, method = "GET", body) => fetch(`${site.url}${path}`, { method, redirect: "manual",
  headers: { ...(cookie && { cookie }), "content-type": "application/json" }, body: body && JSON.stringify(body) });
const enter = async (roomId, cookie) => {
  const answer = await ask(`/room?roomId=${roomId}`, cookie);
  return answer.headers.get("location") ?? answer.headers.get("set-cookie")?.split(";")[0] ?? "in";
};
const create_ = async () => (await (await ask("/api/room/create", null, "POST")).json()).roomId;
const texts = async (roomId, cookie) =>
  (await (await ask(`/api/messages?roomId=${roomId}`, cookie)).json()).messages;

/** What the event source of a room's page gets, as the guide's page does. */
async function listen(roomId) {
  const events = [];
  const stop = new AbortController();
  const response = await fetch(`${site.url}/api/realtime?channel=${roomId}&last_ack_${roomId}=0`, { signal: stop.signal });
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  let connected;
  const ready = new Promise((told) => { connected = told; });
  (async () => {
    let text = "";
    for await (const part of response.body) {
      text += new TextDecoder().decode(part);
      const frames = text.split("\n\n");
      text = frames.pop();
      for (const line of frames.flatMap((frame) => frame.split("\n")).filter((l) => l.startsWith("data:"))) {
        const frame = JSON.parse(line.slice(5));
        if (frame.type === "connected") connected();
        if (frame.event) events.push(frame);
      }
    }
  })().catch(() => {});
  await ready;
  return { events, stop: () => stop.abort() };
}

test("a room's life: two seats, messages heard and listed, one time to live, destroyed", async () => {
  const roomId = await create_();
  const [a, b] = [await enter(roomId), await enter(roomId)];
  assert.match(a, /^x-auth-token=/);
  assert.equal(await enter(roomId, a), "in");
  assert.equal(await enter(roomId), "/?alert=room-full");
  assert.equal(await enter(randomUUID()), "/?alert=room-not-found-404");
  assert.equal((await ask(`/api/messages?roomId=${roomId}`)).status, 401);
  assert.equal((await ask(`/api/messages?roomId=${roomId}`, "x-auth-token=no")).status, 401);
  const heard = await listen(roomId);
  const say = (cookie, sender, text) => ask(`/api/messages?roomId=${roomId}`, cookie, "POST", { sender, text });
  assert.equal((await say(a, "anna", "hällo “you”")).status, 200);
  assert.equal((await say(b, "ben", "123")).status, 200);
  await until(() => heard.events.length === 2);
  assert.deepEqual(heard.events.map((e) => [e.event, e.data.sender, e.data.text, e.data.token]),
    [["chat.message", "anna", "hällo “you”", undefined], ["chat.message", "ben", "123", undefined]]);
  const mine = await texts(roomId, a);
  assert.deepEqual(mine.map((m) => [m.sender, m.text, m.token]),
    [["anna", "hällo “you”", a.split("=")[1]], ["ben", "123", undefined]]);
  const { ttl: left } = await (await ask(`/api/room/ttl?roomId=${roomId}`, b)).json();
  for (const seconds of [left, await redis.ttl(roomId), await redis.ttl(`messages:${roomId}`)]) {
    assert.ok(seconds > ROOM_TTL_SECONDS - 60 && seconds <= ROOM_TTL_SECONDS, String(seconds));
  }
  assert.equal((await ask(`/api/room?roomId=${roomId}`, b, "DELETE")).status, 200);
  await until(() => heard.events.length === 3);
  assert.deepEqual([heard.events[2].event, heard.events[2].data], ["chat.destroy", { isDestroyed: true }]);
  assert.deepEqual(await realtime.channel(roomId).history(), []);
  assert.equal(await redis.exists(roomId, `meta:${roomId}`, `messages:${roomId}`), 0);
  assert.equal((await ask(`/api/messages?roomId=${roomId}`, a)).status, 401);
  assert.equal(await enter(roomId), "/?alert=room-not-found-404");
  heard.stop();
});

test("a room that nobody destroys is gone when its time is over, with all that was said", async () => {
  ttlSeconds = 2;
  const roomId = await create_();
  ttlSeconds = ROOM_TTL_SECONDS;
  const seatOf = await enter(roomId);
  await ask(`/api/messages?roomId=${roomId}`, seatOf, "POST", { sender: "anna", text: "soon gone" });
  assert.equal((await texts(roomId, seatOf)).length, 1);
  await until(async () => (await enter(roomId)) === "/?alert=room-not-found-404");
  await until(async () => (await redis.exists(roomId, `messages:${roomId}`)) === 0);
  assert.deepEqual(await realtime.channel(roomId).history(), []);
});
