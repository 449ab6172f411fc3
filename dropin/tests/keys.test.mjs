// Keys are rotated while messages are delivered and checked: none is refused. Runs last: it changes them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, Receiver } from "@upstash/qstash";
import { app } from "../lib/app.mjs";
import { qstashOptions, stepcastUrl, until } from "../lib/stepcast.mjs";

const keys = async (path = "", method = "GET") => (await fetch(`${stepcastUrl}/v2/keys${path}`,
  { method, headers: { Authorization: `Bearer ${qstashOptions.token}` } })).json();
const client = new Client({ ...qstashOptions, enableTelemetry: false });

test("a program that changes its keys after each rotation misses no delivery", async () => {
  let mine = await keys();
  const refused = [];
  const signed = new Set();
  let count = 0;
  const one = await app({ "/in": async (request) => {
    const body = await request.text();
    const signature = request.headers.get("upstash-signature");
    const receiver = new Receiver({ currentSigningKey: mine.current, nextSigningKey: mine.next });
    await receiver.verify({ signature, body }).catch((fault) => refused.push(String(fault)));
    for (const key of [mine.current, mine.next]) {
      const alone = new Receiver({ currentSigningKey: key, nextSigningKey: key });
      if (await alone.verify({ signature, body }).catch(() => false)) signed.add(key);
    }
    count++;
    return new Response("ok");
  } });
  let go = true;
  const sending = (async () => {
    for (let i = 0; go; i++) {
      await client.publish({ url: `${one.url}/in`, body: String(i), retries: 0 });
      await until(() => count > i);
    }
  })();
  const before = mine;
  await until(() => signed.has(before.current)); // else the first delivery may be signed with the next
  for (let i = 0; i < 2; i++) {
    const rotated = await keys("/rotate", "POST");
    assert.equal(rotated.current, mine.next);
    mine = rotated;
    const seen = count;
    await until(() => count > seen + 2 && signed.has(mine.current));
  }
  go = false;
  await sending;
  assert.deepEqual(refused, []);
  assert.deepEqual(await keys(), mine);
  one.close();
});
