// Whoever runs this kills Redis, then Stepcast, while runs and messages are on their way, and starts
// each again on its port. They tell each other when by files in the folder SIGNS.
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { after, test } from "node:test";
import { Client as QStash } from "@upstash/qstash";
import { Client } from "@upstash/workflow";
import { serve } from "@upstash/workflow/nextjs";
import { app } from "../lib/app.mjs";
import { qstashOptions, stepcastUrl, until } from "../lib/stepcast.mjs";

const LONG_MS = 60_000;
const RUNS = 12;
const MESSAGES = 8;
const STEPS = ["a", "b", "c", "d", "e", "f"];
const ran = [];
const done = new Set();
const got = [];
let answered = 0;
let redisIsGone;
const gone = new Promise((told) => { redisIsGone = told; });

const site = await app({
  "/flow": serve(async (c) => {
    const id = c.workflowRunId;
    const results = [];
    for (const name of STEPS) {
      results.push(await c.run(name, async () => {
        ran.push(`${id} ${name}`);
        await new Promise((later) => setTimeout(later, 150));
        return name;
      }));
    }
    assert.deepEqual(results, STEPS);
    done.add(id);
  }).POST,
  "/in": async (request) => {
    got.push(await request.text());
    await gone;
    answered++;
    return new Response("ok");
  },
});
after(() => site.close());

const say = (sign) => writeFileSync(`${process.env.SIGNS}/${sign}`, "now");
const told = (sign) => until(() => existsSync(`${process.env.SIGNS}/${sign}`), LONG_MS);
const twice = (list) => list.filter((one, i) => list.indexOf(one) !== i);

/** Steps whose result is recorded now: they must not run again. */
async function recorded(ids) {
  const runs = await Promise.all(ids.map(async (id) => {
    const view = await until(async () => { // 503 while a connection to Redis is being made again
      const answer = await fetch(`${stepcastUrl}/api/runs/${id}`);
      const body = await answer.json();
      assert.ok(answer.ok || answer.status === 503, JSON.stringify(body));
      return answer.ok && body;
    }, LONG_MS);
    return view.steps.filter((step) => step.state === "SUCCEEDED").map((step) => `${id} ${step.name}`);
  }));
  return runs.flat();
}

test("nothing is lost, and nothing that is recorded is done again", async () => {
  const client = new Client(qstashOptions);
  const messages = new QStash({ ...qstashOptions, enableTelemetry: false });
  const sent = await messages.batch(Array.from({ length: MESSAGES }, (_, i) => (
    { url: `${site.url}/in`, body: String(i), retries: 20, retryDelay: "200" })));
  const trigger = { url: `${site.url}/flow`, retries: 50, retryDelay: "200" };
  const runs = await Promise.all(Array.from({ length: RUNS }, () => client.trigger(trigger)));
  const ids = runs.map((run) => run.workflowRunId);

  await until(() => ran.length >= RUNS && got.length === MESSAGES, LONG_MS);
  say("kill-redis");
  await told("redis-is-gone");
  redisIsGone(); // what was under way is answered while Redis is away
  await until(() => answered === MESSAGES, LONG_MS);
  say("start-redis");
  await told("redis-is-back");
  await until(() => ran.length >= 3 * RUNS, LONG_MS);
  for (const { messageId } of sent) {
    await until(async () => (await messages.messages.get(messageId)).state === "DELIVERED", LONG_MS);
  }
  assert.deepEqual(twice(ran), [], "what was done waits for Redis");
  assert.equal(got.length, MESSAGES);

  const before = new Set(await recorded(ids));
  const at = ran.length;
  say("kill-stepcast");
  await until(() => done.size === RUNS, 2 * LONG_MS);
  assert.deepEqual([...done].sort(), [...ids].sort());
  assert.deepEqual(ran.slice(at).filter((step) => before.has(step)), []);
  assert.equal(new Set(ran).size, STEPS.length * RUNS);
  // At most the one delivery that each run had under way was made again.
  assert.ok(twice(ran).length <= RUNS, String(twice(ran)));
  assert.ok(site.calls["/flow"] <= (STEPS.length + 2) * RUNS, String(site.calls["/flow"]));
  assert.deepEqual(twice(got), []);
});
