// How messages get in line: queues, URL groups, flow control, bulk calls, the log, dead letters.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { Client } from "@upstash/qstash";
import { Client as WorkflowClient } from "@upstash/workflow";
import { serve } from "@upstash/workflow/nextjs";
import { host } from "../lib/host.mjs";
import { qstashOptions, stepcastUrl, until } from "../lib/stepcast.mjs";

const client = new Client({ ...qstashOptions, enableTelemetry: false });
const of = (one, path) => one.seen.filter((s) => s.path === path);
const logs = (filter) => client.logs({ filter });
const state = async (messageId) => (await client.messages.get(messageId)).state;

/** A destination whose answers are given one at a time; `open` are those that wait for one. */
async function gated(path = "/in") {
  const open = [];
  let most = 0;
  const one = await host({ [path]: (request) => new Promise((answered) => {
    request.text().then((body) => {
      open.push({ body, answer: (status = 200) => { open.splice(open.findIndex((o) => o.body === body), 1); answered(new Response("ok", { status })); } });
      most = Math.max(most, open.length);
    });
  }) });
  return { one, open, url: `${one.url}${path}`, most: () => most };
}

describe("a queue", () => {
  test("delivers in order, one at a time; a retry keeps its place", async () => {
    let tries = 0;
    const seen = [];
    const one = await host({ "/in": async (request) => {
      const body = await request.text();
      seen.push(body);
      return new Response("ok", { status: body === "0" && tries++ < 2 ? 500 : 200 });
    } });
    const queue = client.queue({ queueName: `q-${randomUUID()}` });
    for (let i = 0; i < 5; i++) {
      await queue.enqueue({ url: `${one.url}/in`, body: String(i), retries: 3, retryDelay: "30" });
    }
    await until(() => seen.length === 7);
    assert.deepEqual(seen, ["0", "0", "0", "1", "2", "3", "4"]);
    await until(async () => (await queue.get()).lag === 0);
  });

  test("delivers as many at once as it may, is paused and resumed, listed and deleted", async () => {
    const { one, open, url, most } = await gated();
    const queueName = `q-${randomUUID()}`;
    const queue = client.queue({ queueName });
    await queue.upsert({ parallelism: 2 });
    for (let i = 0; i < 4; i++) await queue.enqueueJSON({ url, body: i });
    await until(() => open.length === 2);
    assert.deepEqual({ ...(await queue.get()), createdAt: 0, updatedAt: 0 },
      { name: queueName, parallelism: 2, lag: 2, paused: false, createdAt: 0, updatedAt: 0 });
    await queue.pause();
    open[0].answer();
    open[0].answer();
    await until(async () => (await logs({ queueName, state: "DELIVERED" })).logs.length === 2);
    assert.equal(one.calls["/in"], 2);
    assert.equal((await queue.get()).paused, true);
    await queue.resume();
    await until(() => open.length === 2);
    assert.equal(most(), 2);
    const waiting = await queue.enqueue({ url, body: "never" });
    assert.ok((await queue.list()).some((q) => q.name === queueName && q.lag === 1));
    await queue.delete();
    assert.equal(await state(waiting.messageId), "CANCELED");
    open[0].answer();
    open[0].answer();
    await until(async () => (await logs({ queueName, state: "DELIVERED" })).logs.length === 4);
    await assert.rejects(queue.get(), (fault) => fault.status === 404);
    assert.equal(one.calls["/in"], 4);
  });

  test("takes members of a batch, and waits for callbacks", async () => {
    const { open, url } = await gated("/callback");
    const one = await host({ "/in": () => new Response("ok") });
    const queueName = `q-${randomUUID()}`;
    await client.batch([1, 2].map((n) => ({ url: `${one.url}/in`, body: String(n), queueName, callback: url })));
    await until(() => open.length === 1);
    assert.equal(one.calls["/in"], 1);
    open[0].answer();
    await until(() => open.length === 1 && one.calls["/in"] === 2);
    open[0].answer();
  });
});

describe("a URL group", () => {
  test("gets a message to each of its endpoints, and changes", async () => {
    const one = await host({ "/a": () => new Response("ok"), "/b": () => new Response("ok") });
    const name = `g-${randomUUID()}`;
    await client.urlGroups.addEndpoints({ name, endpoints: [{ url: `${one.url}/a`, name: "a" }, { url: `${one.url}/b` }] });
    const sent = await client.publishJSON({ urlGroup: name, body: { x: 1 }, deduplicationId: "once" });
    assert.deepEqual(sent.map((s) => s.url).sort(), [`${one.url}/a`, `${one.url}/b`]);
    await until(() => of(one, "/a").length === 1 && of(one, "/b").length === 1);
    const again = await client.publishJSON({ urlGroup: name, body: { x: 1 }, deduplicationId: "once" });
    assert.ok(again.every((s) => s.deduplicated));
    const message = await client.messages.get(sent.find((s) => s.url.endsWith("/a")).messageId);
    assert.deepEqual([message.urlGroup, message.endpointName], [name, "a"]);
    await client.urlGroups.removeEndpoints({ name, endpoints: [{ name: "a" }] });
    assert.deepEqual((await client.urlGroups.get(name)).endpoints, [{ url: `${one.url}/b` }]);
    assert.ok((await client.urlGroups.list()).some((group) => group.name === name));
    await client.urlGroups.delete(name);
    await assert.rejects(client.publish({ urlGroup: name, body: "x" }), (fault) => fault.status === 404);
  });
});

describe("flow control", () => {
  test("holds messages back to so many at once, none of them lost", async () => {
    const { open, url, most } = await gated();
    const flowControl = { key: `f-${randomUUID()}`, parallelism: 2 };
    const bodies = ["0", "1", "2", "3", "4", "5"];
    await client.batch(bodies.map((body) => ({ url, body, flowControl })));
    const done = [];
    for (const _ of bodies) {
      await until(() => open.length === Math.min(2, bodies.length - done.length));
      done.push(open[0].body);
      open[0].answer();
    }
    assert.deepEqual(done.sort(), bodies);
    assert.equal(most(), 2);
    await until(async () => (await client.flowControl.get(flowControl.key)).parallelismCount === 0);
  });

  test("begins so many in a period", async () => {
    const one = await host({ "/in": () => new Response("ok") });
    const flowControl = { key: `r-${randomUUID()}`, rate: 2, period: "2s" };
    const start = Date.now();
    await client.batch(["0", "1", "2", "3", "4"].map((body) => ({ url: `${one.url}/in`, body, flowControl })));
    await until(() => one.calls["/in"] === 5);
    assert.ok(Date.now() - start >= 2000); // the fifth is in the third period
  });

  test("is paused, pinned and looked at", async () => {
    const { open, url } = await gated();
    const key = `p-${randomUUID()}`;
    const flowControl = { key, parallelism: 5 };
    await client.flowControl.pause(key);
    await client.batch(["0", "1", "2"].map((body) => ({ url, body, flowControl })));
    await until(async () => (await client.flowControl.get(key)).waitListSize === 3);
    assert.equal(open.length, 0);
    await client.flowControl.pin(key, { parallelism: 1 });
    await client.flowControl.resume(key);
    await until(() => open.length === 1);
    const view = await client.flowControl.get(key);
    assert.deepEqual([view.parallelismMax, view.parallelismCount, view.isPinnedParallelism, view.isPaused], [1, 1, true, false]);
    for (let i = 0; i < 3; i++) {
      await until(() => open.length === 1);
      open[0].answer();
    }
    await client.flowControl.unpin(key, { parallelism: true });
    await client.flowControl.resetRate(key);
    assert.equal((await client.flowControl.get(key)).isPinnedParallelism, false);
  });

  test("holds the calls of runs back, each call by itself", async () => {
    let under = 0;
    let most = 0;
    const { POST } = serve(async (c) => { await c.run("a", () => 1); await c.run("b", () => 2); });
    const one = await host({ "/flow": async (request) => {
      most = Math.max(most, ++under);
      const response = await POST(request);
      under--;
      return response;
    } });
    const workflow = new WorkflowClient(qstashOptions);
    const key = `w-${randomUUID()}`;
    const runs = await workflow.trigger(Array.from({ length: 5 }, () => ({ url: `${one.url}/flow`, flowControl: { key, parallelism: 1 } })));
    await until(async () => (await workflow.logs({ filter: { flowControlKey: key } })).runs
      .filter((run) => run.workflowState === "RUN_SUCCESS").length === runs.length);
    assert.equal(most, 1);
    assert.equal(one.calls["/flow"], 15);
  });
});

describe("many at once", () => {
  test("messages are taken back by ids, by what they have in common", async () => {
    const label = `l-${randomUUID()}`;
    const one = await host({ "/in": () => new Response("ok") });
    const message = { url: `${one.url}/in`, body: "x", delay: 600 };
    const sent = await client.batch([{ ...message, label }, { ...message, label }, { ...message, label: "other" }]);
    assert.deepEqual(await client.messages.cancel({ filter: { label } }), { cancelled: 2 });
    assert.deepEqual(await client.messages.cancel(sent.map((s) => s.messageId)), { cancelled: 1 });
    assert.equal(await state(sent[2].messageId), "CANCELED");
  });

  test("the log is read in pages, newest first", async () => {
    const label = `l-${randomUUID()}`;
    const one = await host({ "/in": () => new Response("ok") });
    await client.batch(["0", "1", "2"].map((body) => ({ url: `${one.url}/in`, body, label })));
    await until(async () => (await logs({ label, state: "DELIVERED" })).logs.length === 3);
    const all = [];
    let cursor;
    do {
      const page = await client.logs({ filter: { label, count: 2 }, cursor });
      all.push(...page.logs);
      cursor = page.cursor;
    } while (cursor);
    assert.deepEqual(all.map((e) => e.state).sort(),
      ["ACTIVE", "ACTIVE", "ACTIVE", "CREATED", "CREATED", "CREATED", "DELIVERED", "DELIVERED", "DELIVERED"]);
    assert.ok(all.every((e, i) => i === 0 || e.time <= all[i - 1].time));
    assert.ok(all.every((e) => e.url === `${one.url}/in` && e.label === label));
  });

  test("dead letters are found, looked at, retried and forgotten", async () => {
    const label = `l-${randomUUID()}`;
    let status = 418;
    const one = await host({ "/in": () => new Response("no", { status }) });
    await client.batch(["0", "1", "2"].map((body) => ({ url: `${one.url}/in`, body, label, retries: 0, headers: { "Test-Header": "v" } })));
    const list = async (filter = { label }) => (await client.dlq.listMessages({ filter })).messages;
    const dead = await until(async () => (await list()).length === 3 && list());
    assert.equal((await list({ label, responseStatus: 500 })).length, 0);
    assert.equal((await list({ label, responseStatus: 418 })).length, 3);
    assert.deepEqual(dead[0].header["Test-Header"], ["v"]);
    const first = await client.dlq.listMessages({ filter: { label }, count: 2 });
    assert.equal(first.messages.length, 2);
    assert.equal((await client.dlq.listMessages({ filter: { label }, cursor: first.cursor })).messages.length, 1);
    status = 200;
    assert.equal((await client.dlq.retry(dead[0].dlqId)).responses.length, 1);
    await until(() => one.calls["/in"] === 4);
    await client.dlq.delete(dead[1].dlqId);
    assert.deepEqual((await list()).map((m) => m.dlqId), [dead[2].dlqId]);
    assert.equal((await client.dlq.delete({ filter: { label } })).deleted, 1);
  });
});

test("what is redacted is delivered, and shown to nobody", async () => {
  const one = await host({ "/in": () => new Response("no", { status: 500 }) });
  const { messageId } = await client.publish({ url: `${one.url}/in`, body: "secret", retries: 0,
    headers: { Mine: "hidden", Yours: "shown" }, redact: { body: true, header: ["Mine"] } });
  await until(async () => (await state(messageId)) === "FAILED");
  assert.equal(of(one, "/in")[0].body, "secret");
  assert.equal(of(one, "/in")[0].headers.mine, "hidden");
  const shown = await client.messages.get(messageId);
  assert.match(shown.body, /^REDACTED:[0-9a-f]{64}$/);
  assert.match(shown.header.Mine[0], /^REDACTED:/);
  assert.deepEqual(shown.header.Yours, ["shown"]);
  const [dead] = (await client.dlq.listMessages({ filter: { messageId } })).messages;
  assert.match(dead.body, /^REDACTED:/);

  let got;
  const flow = await host({ "/flow": serve(async (c) => { got = await c.run("s", () => c.requestPayload.pin); }).POST });
  const workflow = new WorkflowClient(qstashOptions);
  const { workflowRunId } = await workflow.trigger({ url: `${flow.url}/flow`, body: { pin: 4711 }, redact: { body: true } });
  const log = await until(async () => {
    const [run] = (await workflow.logs({ workflowRunId })).runs;
    return run?.workflowState === "RUN_SUCCESS" && run;
  });
  assert.equal(got, 4711);
  const view = await (await fetch(`${stepcastUrl}/api/runs/${workflowRunId}`)).json();
  const { events } = await (await fetch(`${stepcastUrl}/api/realtime/history?channel=${workflowRunId}&limit=100`)).json();
  assert.ok(!JSON.stringify([log, view, events]).includes("4711"), JSON.stringify([log, view, events]));
});

describe("a schedule", () => {
  test("is kept, shown, paused, fired and forgotten", async () => {
    const one = await host({ "/in": () => new Response("ok"), "/other": () => new Response("ok") });
    const scheduleId = `s-${randomUUID()}`;
    const created = await client.schedules.create({ destination: `${one.url}/in`, cron: "* * * * * *", scheduleId,
      body: "tick", headers: { "Test-Header": "v" }, retries: 1, label: "clock" });
    assert.deepEqual(created, { scheduleId });
    const schedule = await client.schedules.get(scheduleId);
    assert.deepEqual([schedule.cron, schedule.destination, schedule.body, schedule.header["Test-Header"], schedule.retries, schedule.isPaused, schedule.label],
      ["* * * * * *", `${one.url}/in`, "tick", ["v"], 1, false, "clock"]);
    await until(() => of(one, "/in").length >= 2);
    assert.ok(of(one, "/in").every((s) => s.body === "tick" && s.headers["test-header"] === "v" && s.headers["upstash-schedule-id"] === scheduleId));
    await client.schedules.pause({ schedule: scheduleId });
    assert.equal((await client.schedules.get(scheduleId)).isPaused, true);
    await client.schedules.resume({ schedule: scheduleId });
    await client.schedules.create({ destination: `${one.url}/other`, cron: "CRON_TZ=Europe/Berlin 0 9 * * 1", scheduleId });
    const changed = await client.schedules.get(scheduleId);
    assert.deepEqual([changed.cron, changed.destination], ["CRON_TZ=Europe/Berlin 0 9 * * 1", `${one.url}/other`]);
    assert.ok((await client.schedules.list()).some((s) => s.scheduleId === scheduleId));
    assert.ok((await logs({ scheduleId, state: "DELIVERED" })).logs.length >= 2);
    await client.schedules.delete(scheduleId);
    await assert.rejects(client.schedules.get(scheduleId), (fault) => fault.status === 404);
    await assert.rejects(client.schedules.create({ destination: `${one.url}/in`, cron: "nonsense" }), (fault) => fault.status === 400);
  });

  test("sends to a URL group, and to a queue", async () => {
    const one = await host({ "/a": () => new Response("ok"), "/b": () => new Response("ok"), "/q": () => new Response("ok") });
    const name = `g-${randomUUID()}`;
    await client.urlGroups.addEndpoints({ name, endpoints: [{ url: `${one.url}/a` }, { url: `${one.url}/b` }] });
    const { scheduleId } = await client.schedules.create({ destination: name, cron: "* * * * * *" });
    const queueName = `q-${randomUUID()}`;
    const queued = await client.schedules.create({ destination: `${one.url}/q`, cron: "* * * * * *", queueName });
    await until(() => of(one, "/a").length > 0 && of(one, "/b").length > 0 && of(one, "/q").length > 0);
    assert.ok((await logs({ queueName, state: "ACTIVE" })).logs.length > 0);
    await client.schedules.delete(scheduleId);
    await client.schedules.delete(queued.scheduleId);
  });
});
