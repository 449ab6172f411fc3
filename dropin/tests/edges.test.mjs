// What programs seldom do: the REST way in, the handshake of an unknown package, delays, time limits,
// quotas, failure functions told again, cancel by filter, what waits.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { Client as QStash } from "@upstash/qstash";
import { Client, WorkflowNonRetryableError } from "@upstash/workflow";
import { createWorkflow, serve, serveMany } from "@upstash/workflow/nextjs";
import { host } from "../lib/host.mjs";
import { ended, logOf } from "../lib/runs.mjs";
import { qstashOptions, stepcastUrl, until } from "../lib/stepcast.mjs";

const client = new Client(qstashOptions);
const qstash = new QStash({ ...qstashOptions, enableTelemetry: false });
const rest = async (path, { headers = {}, body } = {}) => {
  const answer = await fetch(`${stepcastUrl}/v2/${path}`, {
    method: "POST", body, headers: { Authorization: `Bearer ${qstashOptions.token}`, "content-type": "application/json", ...headers } });
  return { status: answer.status, json: await answer.json() };
};
const two = (seen = []) => serve(async (c) => {
  seen.push(c.requestPayload);
  await c.run("a", () => 1);
  return c.headers.get("my-header");
}).POST;

describe("a run started over REST", () => {
  test("runs, with its headers and payload", async () => {
    const one = await host({ "/flow": two() });
    const { json } = await rest(`trigger/${one.url}/flow`, { body: '{"x":1}', headers: { "Upstash-Forward-My-Header": "mine" } });
    assert.match(json.workflowRunId, /^wfr_/);
    assert.equal(JSON.parse((await ended(json.workflowRunId)).workflowRunResponse), "mine");
    assert.equal(one.calls["/flow"], 2);
    const { json: several } = await rest("batch/trigger", { body: JSON.stringify([{ destination: `${one.url}/flow`, headers: {}, body: "{}" }]) });
    await ended(several[0].workflowRunId);
  });

  test("by a package that nobody knows is started again with its real configuration", async () => {
    const one = await host({ "/flow": two() });
    const { json } = await rest(`trigger/${one.url}/flow`, { body: "{}", headers: { "Upstash-Workflow-Unknown-Sdk": "true", "Upstash-Forward-Upstash-Workflow-Unknown-Sdk": "true" } });
    await ended(json.workflowRunId);
    assert.equal(one.calls["/flow"], 3);
  });

  test("fails by name where the destination has no package at all", async () => {
    const one = await host({ "/plain": () => new Response("hello") });
    const { json } = await rest(`trigger/${one.url}/plain`, { body: "{}" });
    const log = await ended(json.workflowRunId, "RUN_FAILED");
    assert.match(log.steps[1].steps[0].errors[0].error, /trigger rest api is only usable with sdk versions after v1/);
  });
});

test("QSTASH_DEV=true finds Stepcast by itself", async () => {
  const before = { ...process.env };
  Object.assign(process.env, { QSTASH_DEV: "true", QSTASH_DEV_PORT: new URL(stepcastUrl).port });
  for (const name of ["QSTASH_URL", "QSTASH_TOKEN", "QSTASH_CURRENT_SIGNING_KEY", "QSTASH_NEXT_SIGNING_KEY"]) delete process.env[name];
  try {
    const one = await host({ "/flow": serve(async (c) => c.run("a", () => 1)).POST });
    const { workflowRunId } = await new Client().trigger({ url: `${one.url}/flow` });
    await ended(workflowRunId);
    const message = await new QStash().publish({ url: `${one.url}/in`, body: "x" });
    assert.match(message.messageId, /^msg_/);
  } finally {
    delete process.env.QSTASH_DEV;
    Object.assign(process.env, before);
  }
});

test("a run starts later: delay, notBefore", async () => {
  const one = await host({ "/flow": two() });
  const start = Date.now();
  const runs = await client.trigger([{ url: `${one.url}/flow`, delay: 1 }, { url: `${one.url}/flow`, notBefore: Math.ceil(start / 1000) + 1 }]);
  for (const { workflowRunId } of runs) await ended(workflowRunId);
  assert.ok(Date.now() - start >= 1000);
});

test("a call gives up after its timeout; what it got is a result", async () => {
  let answer;
  const late = new Promise((answered) => { answer = () => answered(new Response("late")); });
  const one = await host({
    "/flow": serve(async (c) => {
      const { status } = await c.call("slow", { url: c.requestPayload, timeout: 1 });
      return status;
    }).POST,
    "/third": () => late,
  });
  const { workflowRunId } = await client.trigger({ url: `${one.url}/flow`, body: `${one.url}/third` });
  assert.notEqual(JSON.parse((await ended(workflowRunId)).workflowRunResponse), 200);
  assert.equal(one.calls["/third"], 1);
  answer();
});

test("beyond a quota a step fails its run at once", async () => {
  const one = await host({ "/flow": serve(async (c) => c.call("x", { url: c.url, retries: 1_000_000 })).POST });
  const { workflowRunId } = await client.trigger({ url: `${one.url}/flow`, retries: 3 });
  await ended(workflowRunId, "RUN_FAILED");
  assert.equal(one.calls["/flow"], 1 + 1);
});

test("content-based deduplication, a time limit, the methods of a message", async () => {
  let answer;
  const late = new Promise((answered) => { answer = () => answered(new Response("late")); });
  const one = await host({ "/in": (request) => request.method === "PUT" ? late : new Response(request.method) });
  const same = { url: `${one.url}/in`, body: "same", contentBasedDeduplication: true };
  const first = await qstash.publish(same);
  assert.deepEqual([(await qstash.publish(same)).deduplicated, first.deduplicated], [true, undefined]);
  assert.equal((await qstash.publish({ ...same, body: "other" })).deduplicated, undefined);
  const slow = await qstash.publish({ url: `${one.url}/in`, method: "PUT", timeout: 1, retries: 0 });
  await until(async () => (await qstash.messages.get(slow.messageId)).state === "FAILED");
  answer();
  const shown = await qstash.messages.get(slow.messageId);
  assert.equal(shown.method, "PUT");
});

test("a child of a child gives back what it returned", async () => {
  const leaf = createWorkflow(async (c) => c.run("s", () => c.requestPayload + 1), { workflowId: "leaf" });
  const middle = createWorkflow(async (c) => (await c.invoke("deep", { workflow: leaf, body: c.requestPayload + 1 })).body, { workflowId: "middle" });
  const top = createWorkflow(async (c) => (await c.invoke("down", { workflow: middle, body: 1 })).body, { workflowId: "top" });
  const { POST } = serveMany({ leaf, middle, top });
  const one = await host({ "/many/leaf": POST, "/many/middle": POST, "/many/top": POST });
  const { workflowRunId } = await client.trigger({ url: `${one.url}/many/top` });
  assert.equal(JSON.parse((await ended(workflowRunId)).workflowRunResponse), 3);
});

test("context.call to a workflow starts a run of its own", async () => {
  let child;
  const one = await host({
    "/child": serve(async (c) => { child = c.workflowRunId; await c.run("s", () => 1); }, { receiver: undefined }).POST,
    "/flow": serve(async (c) => (await c.call("start", { url: c.requestPayload, method: "POST", body: {} })).body.workflowRunId).POST,
  });
  const { workflowRunId } = await client.trigger({ url: `${one.url}/flow`, body: `${one.url}/child` });
  const started = JSON.parse((await ended(workflowRunId)).workflowRunResponse);
  await ended(started);
  assert.equal(child, started);
});

test("a failure function is called again from the dead letters, and the logs tell of it", async () => {
  let told = 0;
  const one = await host({ "/flow": serve(async (c) => {
    await c.run("bad", () => { throw new WorkflowNonRetryableError("no"); });
  }, { failureFunction: async () => `heard ${++told}` }).POST });
  const { workflowRunId } = await client.trigger({ url: `${one.url}/flow`, label: "lost" });
  await ended(workflowRunId, "RUN_FAILED");
  const info = (answer) => until(async () => {
    const { failureFunction } = await logOf(workflowRunId);
    return failureFunction?.responseBody?.includes(answer) && failureFunction;
  });
  const first = await info("heard 1");
  assert.deepEqual([first.state, first.failStatus, first.responseStatus], ["CALLBACK_SUCCESS", 489, 200]);
  const { messages } = await client.dlq.list({ filter: { workflowRunId } });
  assert.equal(messages[0].failureCallbackInfo.state, "CALLBACK_SUCCESS");
  assert.equal((await client.dlq.retryFailureFunction({ dlqId: messages[0].dlqId })).workflowRunId, workflowRunId);
  await info("heard 2");
  assert.equal((await client.dlq.delete({ dlqIds: [messages[0].dlqId] })).deleted, 1);
  assert.equal((await client.dlq.list({ filter: { workflowRunId } })).messages.length, 0);
});

test("dead runs are restarted with another configuration", async () => {
  let tries = 0;
  const one = await host({ "/flow": serve(async (c) => c.run("s", () => { if (tries++ < 2) throw new Error("no"); return 1; })).POST });
  const { workflowRunId } = await client.trigger({ url: `${one.url}/flow`, retries: 0, retryDelay: "10" });
  await ended(workflowRunId, "RUN_FAILED");
  const [dead] = (await client.dlq.list({ filter: { workflowRunId } })).messages;
  const again = await client.dlq.restart({ dlqId: dead.dlqId, retries: 1 });
  await ended(again.workflowRunId);
  assert.equal(tries, 3);
});

test("runs are canceled by URL, by label, and listed in pages", async () => {
  const one = await host({ "/flow": serve(async (c) => { await c.sleep("long", 1000); }).POST });
  const label = `l-${randomUUID()}`;
  await client.trigger(["x", "x", label].map((l) => ({ url: `${one.url}/flow`, label: l })));
  await until(async () => one.calls["/flow"] === 3);
  assert.equal((await client.cancel({ filter: { label } })).cancelled, 1);
  assert.equal((await client.cancel({ filter: { workflowUrl: `${one.url}/flow` } })).cancelled, 2);
  assert.equal((await client.cancel({ filter: { workflowUrlStartingWith: one.url } })).cancelled, 0);
  const ids = [];
  let cursor;
  do {
    const page = await client.logs({ filter: { workflowUrl: `${one.url}/flow` }, count: 2, cursor });
    ids.push(...page.runs.map((run) => run.workflowRunId));
    cursor = page.cursor;
  } while (cursor);
  assert.equal(new Set(ids).size, 3);
});

test("who waits is listed with its deadline, and no longer once it has ended", async () => {
  const eventId = `e-${randomUUID()}`;
  const one = await host({ "/flow": serve(async (c) => { await c.waitForEvent("w", eventId, { timeout: "60s" }); }).POST });
  const { workflowRunId } = await client.trigger({ url: `${one.url}/flow` });
  const [waiter] = await until(async () => {
    const all = await client.getWaiters({ eventId });
    return all.length === 1 && all;
  });
  assert.equal(waiter.url, `${one.url}/flow`);
  assert.ok(Math.abs(waiter.deadline - Date.now() / 1000 - 60) < 30);
  await client.cancel(workflowRunId);
  assert.deepEqual(await client.getWaiters({ eventId }), []);
});
