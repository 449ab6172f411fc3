// Whoever runs this kills Stepcast while the runs are on their way, and starts it again on the port.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { after, test } from "node:test";
import { Client } from "@upstash/workflow";
import { serve } from "@upstash/workflow/nextjs";
import { app } from "../lib/app.mjs";
import { qstashOptions, until } from "../lib/stepcast.mjs";

const RUNS = 20;
const ran = {};
const done = new Set();
const step = (id, name) => async () => {
  ran[`${id} ${name}`] = (ran[`${id} ${name}`] ?? 0) + 1;
  await new Promise((later) => setTimeout(later, 150));
  return name;
};
const site = await app({
  "/flow": serve(async (c) => {
    const id = c.workflowRunId;
    const results = [];
    for (const name of ["a", "b", "c", "d"]) results.push(await c.run(name, step(id, name)));
    assert.deepEqual(results, ["a", "b", "c", "d"]);
    done.add(id);
  }).POST,
});
after(() => site.close());

test("every run finishes, and a step runs again only where its end was not recorded", async () => {
  const client = new Client(qstashOptions);
  const trigger = { url: `${site.url}/flow`, retries: 20, retryDelay: "200" };
  const runs = await Promise.all(Array.from({ length: RUNS }, () => client.trigger(trigger)));
  await until(() => Object.keys(ran).length > RUNS); // some are in their second step
  writeFileSync(process.env.UNDER_WAY, "now");
  await until(() => done.size === RUNS, 60_000);
  assert.deepEqual(runs.map((run) => run.workflowRunId).sort(), [...done].sort());
  assert.equal(Object.keys(ran).length, 4 * RUNS);
  assert.ok(Object.values(ran).every((times) => times <= 2), JSON.stringify(ran));
});
