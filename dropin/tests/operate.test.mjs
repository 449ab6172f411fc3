// What operators do to the runs of endpoints through /api, as the unmodified package sees it.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { Client } from "@upstash/workflow";
import { serve, serveMany, createWorkflow } from "@upstash/workflow/nextjs";
import { host } from "../lib/host.mjs";
import { qstashOptions, stepcastUrl, until } from "../lib/stepcast.mjs";

const client = new Client(qstashOptions);
const api = async (path, method = "GET") => (await fetch(`${stepcastUrl}/api/runs/${path}`, { method })).json();
const inState = (id, state) => until(async () => {
  const run = await api(id);
  return run.state === state && run;
});

test("a paused run is called no more until it is unpaused", async () => {
  let open;
  const gate = new Promise((opened) => { open = opened; });
  const one = await host({
    "/flow": serve(async (c) => { await c.run("a", () => gate); await c.run("b", () => 2); }).POST,
    "/other": serve(async (c) => { await c.run("a", () => 1); }).POST,
  });
  const { workflowRunId } = await client.trigger({ url: `${one.url}/flow` });
  await until(() => one.calls["/flow"] === 1);
  assert.equal((await api(`${workflowRunId}/pause`, "POST")).state, "PAUSED");
  open();
  await until(async () => (await api(workflowRunId)).steps.length === 1); // what was under way counts
  const other = await client.trigger({ url: `${one.url}/other` });
  await inState(other.workflowRunId, "SUCCEEDED");
  assert.equal(one.calls["/flow"], 1);
  assert.equal((await api(workflowRunId)).state, "PAUSED");
  await api(`${workflowRunId}/unpause`, "POST");
  await inState(workflowRunId, "SUCCEEDED");
  assert.equal(one.calls["/flow"], 3);
});

test("who cancels a child through /api tells its parent", async () => {
  const child = createWorkflow(async (c) => { await c.sleep("long", 1000); }, { workflowId: "child" });
  let told;
  const parent = createWorkflow(async (c) => {
    told = await c.invoke("ask", { workflow: child, body: {}, workflowRunId: c.requestPayload.child });
  });
  const { POST } = serveMany({ child, parent });
  const one = await host({ "/many/parent": POST, "/many/child": POST });
  const name = `child-${randomUUID()}`;
  const { workflowRunId } = await client.trigger({ url: `${one.url}/many/parent`, body: { child: name } });
  await inState(`wfr_${name}`, "SLEEPING");
  assert.equal((await api(`wfr_${name}`, "DELETE")).state, "CANCELED");
  await inState(workflowRunId, "SUCCEEDED");
  assert.deepEqual(told, { isFailed: false, isCanceled: true, body: undefined });
});

test("a run id used again keeps the history of the run that ended", async () => {
  const one = await host({ "/flow": serve(async (c) => c.run("s", () => c.requestPayload.n)).POST });
  const workflowRunId = `again-${randomUUID()}`;
  const id = `wfr_${workflowRunId}`;
  for (const n of [1, 2]) {
    await client.trigger({ url: `${one.url}/flow`, workflowRunId, body: { n } });
    await until(async () => {
      const { runs } = await client.logs({ workflowRunId: id });
      return runs.length === n && runs.every((run) => run.workflowState === "RUN_SUCCESS");
    });
  }
  const { runs } = await client.logs({ workflowRunId: id });
  assert.deepEqual(runs.map((run) => run.workflowRunResponse), ["2", "1"]);
  assert.deepEqual(runs.map((run) => run.workflowRunId), [id, id]);
  const [, first] = runs;
  const found = await client.logs({ workflowRunId: id, workflowCreatedAt: first.workflowRunCreatedAt });
  assert.deepEqual(found.runs.map((run) => run.workflowRunResponse), ["1"]);
  // The very same request again, soon: it is a repetition.
  await client.trigger({ url: `${one.url}/flow`, workflowRunId, body: { n: 2 } });
  assert.equal(one.calls["/flow"], 4);
});

test("the timeline tells each attempt and how long it took, and so do the events", async () => {
  let tries = 0;
  const one = await host({ "/flow": serve(async (c) => {
    await c.run("slow", async () => {
      await new Promise((later) => setTimeout(later, 60));
      if (tries++ === 0) throw new Error("not yet");
      return 1;
    });
    await c.sleep("nap", 1);
  }).POST });
  const { workflowRunId } = await client.trigger({ url: `${one.url}/flow`, retries: 2, retryDelay: "20" });
  const napping = await inState(workflowRunId, "SLEEPING");
  assert.equal(napping.steps[1].state, "SLEEPING");
  const run = await inState(workflowRunId, "SUCCEEDED");
  const [slow, nap] = run.steps;
  assert.deepEqual(slow.attempts.map((a) => [a.attempt, a.error?.message]), [[1, "not yet"], [2, undefined]]);
  assert.ok(slow.attempts.every((a) => a.tookMs >= 50 && a.startedAt >= run.createdAt), JSON.stringify(slow));
  assert.equal(nap.state, "SUCCEEDED");
  const { events } = await (await fetch(`${stepcastUrl}/api/realtime/history?channel=${workflowRunId}&limit=100`)).json();
  const told = events.map((e) => e.event.slice("workflow.".length));
  assert.deepEqual(told, ["runStart", "stepFail", "stepFinish", "runSleep", "runFinish"]);
  assert.equal(events[1].data.attempt, 1);
  assert.ok(events[1].data.retryAt > events[1].data.at - 1);
  assert.ok(events[2].data.attempt === 2 && events[2].data.tookMs >= 50);
  assert.ok(events[3].data.until > events[3].data.at);
});

test("failed and canceled runs are resumed and restarted through /api, once each", async () => {
  let broken = true;
  const ran = [];
  const one = await host({ "/flow": serve(async (c) => {
    await Promise.all([c.run("a", () => { ran.push("a"); }), c.run("b", () => {
      ran.push("b");
      if (broken) throw new Error("no");
    })]);
    await c.sleep("s", c.requestPayload.seconds);
  }).POST });
  const { workflowRunId } = await client.trigger({ url: `${one.url}/flow`, retries: 0, body: { seconds: 0 } });
  await inState(workflowRunId, "FAILED");
  broken = false;
  const resumed = (await api(`${workflowRunId}/resume`, "POST")).workflowRunId;
  assert.equal((await api(`${workflowRunId}/resume`, "POST")).workflowRunId, resumed);
  assert.equal((await inState(resumed, "SUCCEEDED")).resumedFrom, workflowRunId);
  assert.deepEqual(ran.filter((name) => name === "b").length, 2);
  assert.ok(ran.filter((name) => name === "a").length <= 2);
  const restarted = (await api(`${workflowRunId}/restart`, "POST")).workflowRunId;
  assert.equal((await inState(restarted, "SUCCEEDED")).restartedFrom, workflowRunId);
  const asleep = await client.trigger({ url: `${one.url}/flow`, body: { seconds: 2 } });
  await inState(asleep.workflowRunId, "SLEEPING");
  await api(asleep.workflowRunId, "DELETE");
  const woken = (await api(`${asleep.workflowRunId}/resume`, "POST")).workflowRunId;
  await inState(woken, "SUCCEEDED");
});
