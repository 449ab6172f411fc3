// What the wire formats say in passing: a batch is taken whole, an end may be told twice, paths are
// raw, filters narrow, adapters differ. Each with the exact number of calls where it matters.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createServer } from "node:net";
import { describe, test } from "node:test";
import { Client as QStash } from "@upstash/qstash";
import { Client, WorkflowMiddleware } from "@upstash/workflow";
import { serve as astro } from "@upstash/workflow/astro";
import { serve as cloudflare } from "@upstash/workflow/cloudflare";
import { serve as hono } from "@upstash/workflow/hono";
import { serve } from "@upstash/workflow/nextjs";
import { serve as reactRouter } from "@upstash/workflow/react-router";
import { serve as solid } from "@upstash/workflow/solidjs";
import { serve as svelte } from "@upstash/workflow/svelte";
import { serve as tanstack } from "@upstash/workflow/tanstack";
import { host } from "../lib/host.mjs";
import { ended, logOf } from "../lib/runs.mjs";
import { qstashOptions, stepcastUrl, until } from "../lib/stepcast.mjs";

const client = new Client(qstashOptions);
const qstash = new QStash({ ...qstashOptions, enableTelemetry: false });
const result = async (id) => JSON.parse((await ended(id)).workflowRunResponse);
const v2 = async (method, path, { headers = {}, body } = {}) => fetch(`${stepcastUrl}/v2/${path}`, {
  method, body, headers: { Authorization: `Bearer ${qstashOptions.token}`, "content-type": "application/json", ...headers } });
const start = async (routes, trigger = {}) => {
  const one = await host(routes);
  const { workflowRunId } = await client.trigger({ url: `${one.url}/flow`, retries: 0, ...trigger });
  return { one, id: workflowRunId };
};
const of = (one, path) => one.seen.filter((s) => s.path === path);
const delivered = (messageId, state = "DELIVERED") =>
  until(async () => (await qstash.messages.get(messageId)).state === state);

describe("on the wire", () => {
  test("a batch is taken whole or not at all", async () => {
    const one = await host({ "/flow": serve(async (c) => { await c.run("a", () => 1); }).POST });
    const item = (runId, retries) => ({ destination: `${one.url}/flow`, body: "{}", headers: {
      "upstash-workflow-init": "true", "upstash-workflow-runid": runId, "upstash-workflow-url": `${one.url}/flow`, "upstash-retries": retries } });
    const ids = [`wfr_${randomUUID()}`, `wfr_${randomUUID()}`];
    const answer = await v2("POST", "batch", { body: JSON.stringify([item(ids[0], "1"), item(ids[1], "1000000")]) });
    assert.equal(answer.status, 412);
    assert.equal(typeof (await answer.json()).error, "string");
    for (const id of ids) assert.equal(await logOf(id), undefined);
    const sent = await v2("POST", "batch", { body: JSON.stringify([
      { destination: `${one.url}/in`, body: "x" }, { destination: `${one.url}/in`, body: "x", headers: { "Upstash-Retries": "no" } }]) });
    assert.equal(sent.status, 400);
    assert.equal(one.calls["/in"], undefined);
  });

  test("header names may be written anyhow", async () => {
    const one = await host({ "/flow": serve(async (c) => c.run("a", () => c.headers.get("my-header"))).POST });
    const id = `wfr_${randomUUID()}`;
    const answer = await v2("POST", "batch", { body: JSON.stringify([{ destination: `${one.url}/flow`, headers: {
      "UPSTASH-Workflow-Init": "true", "Upstash-Workflow-RunId": id, "upstash-WORKFLOW-url": `${one.url}/flow`,
      "Upstash-Forward-My-Header": "mine", "Upstash-Forward-Upstash-Workflow-Sdk-Version": "1" } }]) });
    assert.equal(answer.status, 200);
    assert.equal(await result(id), "mine");
  });

  test("an end may be told twice, and what has ended takes nothing more", async () => {
    const { id, one } = await start({ "/flow": serve(async (c) => { await c.run("a", () => 1); }).POST });
    await ended(id);
    assert.equal((await v2("DELETE", `workflows/runs/${id}?cancel=false`, { body: '"again"' })).status, 200);
    assert.equal((await logOf(id)).workflowRunResponse, undefined);
    assert.equal((await v2("GET", `workflows/runs/${id}`)).status, 404);
    const late = await v2("POST", "batch", { body: JSON.stringify([{ destination: `${one.url}/flow`, body:
      JSON.stringify({ stepId: 2, stepName: "b", stepType: "Run", out: "1", concurrent: 1 }), headers: { "upstash-workflow-runid": id } }]) });
    assert.equal(late.status, 400);
  });

  test("a step of a run that was canceled meanwhile is dropped, its endpoint content", async () => {
    let open;
    const gate = new Promise((opened) => { open = opened; });
    const statuses = [];
    const { POST } = serve(async (c) => { await c.run("a", () => gate); await c.run("b", () => 2); });
    const { id, one } = await start({ "/flow": async (request) => {
      const answer = await POST(request);
      statuses.push(answer.status);
      return answer;
    } });
    await until(() => one.calls["/flow"] === 1);
    assert.equal((await client.cancel(id)).cancelled, 1);
    open();
    await until(() => statuses.length === 1);
    assert.deepEqual(statuses, [200]);
    await ended(id, "RUN_CANCELED");
    assert.equal(one.calls["/flow"], 1);
  });

  test("a destination keeps its double slashes, its query and its unicode", async () => {
    const one = await host({ "//a//b/ü": () => new Response("ok"), "//a//b/%C3%BC": () => new Response("ok") });
    const { messageId } = await qstash.publish({ url: `${one.url}//a//b/ü?x=%20y&z=1//2`, body: "b", retries: 0 });
    await delivered(messageId);
    assert.equal(one.seen[0].path, "//a//b/%C3%BC");
    const flow = await host({ "//deep//flow": serve(async (c) => c.run("a", () => c.url)).POST });
    const { workflowRunId } = await client.trigger({ url: `${flow.url}//deep//flow?tenant=1//2`, retries: 0 });
    assert.equal(await result(workflowRunId), `${flow.url}//deep//flow?tenant=1//2`);
    assert.equal(flow.calls["//deep//flow"], 2);
  });

  test("a redirect is an answer, and is not followed", async () => {
    const one = await host({
      "/moved": () => new Response("gone on", { status: 302, headers: { location: "/secret" } }), "/secret": () => new Response("secret"),
      "/flow": serve(async (c) => c.call("x", { url: c.requestPayload })).POST,
    });
    const { workflowRunId } = await client.trigger({ url: `${one.url}/flow`, body: `${one.url}/moved`, retries: 0 });
    const { status, body } = await result(workflowRunId);
    assert.deepEqual([status, body], [302, "gone on"]);
    const { messageId } = await qstash.publish({ url: `${one.url}/moved`, body: "x", retries: 0 });
    await delivered(messageId, "FAILED");
    assert.equal(one.calls["/secret"], undefined);
  });

  test("489 ends the attempts of a message", async () => {
    const one = await host({ "/in": () => new Response("never", { status: 489, headers: { "Upstash-NonRetryable-Error": "true" } }) });
    const { messageId } = await qstash.publish({ url: `${one.url}/in`, body: "x", retries: 5, retryDelay: "10" });
    await delivered(messageId, "FAILED");
    assert.equal(one.calls["/in"], 1);
  });
});

describe("events", () => {
  test("without data reach every run that waits", async () => {
    const event = `e-${randomUUID()}`;
    const { POST } = serve(async (c) => c.waitForEvent("w", event, { timeout: "60s" }));
    const runs = [await start({ "/flow": POST }), await start({ "/flow": POST })];
    await until(async () => (await client.getWaiters({ eventId: event })).length === 2);
    assert.equal((await client.notify({ eventId: event })).length, 2);
    for (const { id, one } of runs) {
      assert.deepEqual(await result(id), { timeout: false });
      assert.equal(one.calls["/flow"], 2);
    }
  });

  test("that one run awaits twice come one for each wait", async () => {
    const event = `e-${randomUUID()}`;
    const { id } = await start({ "/flow": serve(async (c) => {
      const first = await c.waitForEvent("one", event, { timeout: "60s" });
      const second = await c.waitForEvent("two", event, { timeout: "60s" });
      return [first.eventData, second.eventData];
    }).POST });
    for (const n of [1, 2]) await until(async () => (await client.notify({ eventId: event, eventData: n })).length === 1);
    assert.deepEqual(await result(id), [1, 2]);
  });

  test("of a webhook that was called before anybody waited are kept, each for one wait", async () => {
    const { id } = await start({ "/flow": serve(async (c) => {
      const hook = await c.createWebhook("make");
      await c.run("call", async () => {
        for (const body of ["first", "second"]) await fetch(`${hook.webhookUrl}?q=1`, { method: "PUT", body });
      });
      const texts = [];
      for (const n of [1, 2]) texts.push(await (await c.waitForWebhook(`hook-${n}`, hook, "60s")).request.text());
      return texts;
    }).POST });
    assert.deepEqual(await result(id), ["first", "second"]);
  });
});

describe("a call to a third party", () => {
  test("that is dead is a result", async () => {
    const dead = await new Promise((found) => {
      const server = createServer().listen(0, "127.0.0.1", () => {
        const { port } = server.address();
        server.close(() => found(`http://127.0.0.1:${port}/`));
      });
    });
    const { id, one } = await start({ "/flow": serve(async (c) => (await c.call("x", { url: c.requestPayload, retries: 1, retryDelay: "10" })).status).POST },
      { body: dead });
    assert.equal(await result(id), 0);
    assert.equal(one.calls["/flow"], 3);
  });

  test("may have a large answer", async () => {
    const { id, one } = await start({
      "/third": () => new Response("ü".repeat(1_000_000)),
      "/flow": serve(async (c) => {
        const { body } = await c.call("x", { url: `${new URL(c.url).origin}/third` });
        return c.run("length", () => body.length);
      }).POST,
    });
    assert.equal(await result(id), 1_000_000);
    assert.equal(one.calls["/third"], 1);
  });

  test("keeps its own limits", async () => {
    let open = 0;
    let most = 0;
    const key = `c-${randomUUID()}`;
    const one = await host({
      "/third": async () => {
        most = Math.max(most, ++open);
        await new Promise((later) => setTimeout(later, 60));
        open--;
        return new Response("ok");
      },
      "/flow": serve(async (c) => (await c.call("x", { url: c.requestPayload, flowControl: { key, parallelism: 1 } })).status).POST,
    });
    const runs = await client.trigger([1, 2, 3, 4].map(() => ({ url: `${one.url}/flow`, body: `${one.url}/third` })));
    for (const { workflowRunId } of runs) assert.equal(await result(workflowRunId), 200);
    assert.equal(most, 1);
    assert.equal(one.calls["/third"], 4);
  });
});

test("middlewares are called in order, each once", async () => {
  const told = [];
  const note = (what) => ({ stepName }) => { told.push(stepName ? `${what} ${stepName}` : what); };
  const middleware = new WorkflowMiddleware({ name: "notes", callbacks: {
    runStarted: note("runStarted"), beforeExecution: note("before"), afterExecution: note("after"), runCompleted: note("runCompleted") } });
  const { id } = await start({ "/flow": serve(async (c) => { await c.run("a", () => 1); await c.run("b", () => 2); }, { middlewares: [middleware] }).POST });
  await ended(id);
  assert.deepEqual(told, ["runStarted", "before a", "after a", "before b", "after b", "runCompleted"]);
});

for (const [name, handler] of Object.entries({
  astro: (f) => (request) => astro(f).POST({ request }),
  cloudflare: (f) => (request) => cloudflare(f).fetch(request, process.env),
  hono: (f) => (request) => hono(f)({ req: { raw: request } }),
  "react-router": (f) => (request) => reactRouter(f)({ request }),
  solidjs: (f) => (request) => solid(f).POST({ request }),
  svelte: (f) => (request) => svelte(f).POST({ request }),
  tanstack: (f) => (request) => tanstack(f).POST({ request }),
})) {
  test(`the ${name} adapter runs two steps in three calls`, async () => {
    const { id, one } = await start({ "/flow": handler(async (c) => {
      const a = await c.run("a", () => "é“x”");
      return c.run("b", () => `${a} ${c.requestPayload.n}`);
    }) }, { body: { n: 1 } });
    assert.equal(await result(id), "é“x” 1");
    assert.equal(one.calls["/flow"], 3);
  });
}

describe("filters", () => {
  test("narrow what is canceled, and all of it is canceled at last", async () => {
    const sleeper = serve(async (c) => { await c.sleep("long", 1000); }).POST;
    const [one, two] = [await host({ "/flow": sleeper, "/other": sleeper }), await host({ "/flow": sleeper })];
    const key = `k-${randomUUID()}`;
    const cancel = async (filter) => (await client.cancel({ filter })).cancelled;
    const fresh = () => client.trigger({ url: `${one.url}/flow`, flowControl: { key, parallelism: 100 }, label: ["a", "b"] });
    const { workflowRunId } = await fresh();
    const log = await until(() => logOf(workflowRunId));
    assert.deepEqual([log.label, log.labels, log.flowControlKey], ["a", ["a", "b"], key]);
    assert.equal(await cancel({ flowControlKey: "another" }), 0);
    assert.equal(await cancel({ flowControlKey: key, callerIp: "10.9.8.7" }), 0);
    assert.equal(await cancel({ flowControlKey: key, toDate: log.workflowRunCreatedAt - 1 }), 0);
    assert.equal(await cancel({ flowControlKey: key, fromDate: log.workflowRunCreatedAt, callerIp: "127.0.0.1" }), 1);
    await fresh();
    assert.equal(await cancel({ host: new URL(one.url).host, path: "/other" }), 0);
    assert.equal(await cancel({ host: new URL(two.url).host, path: "/flow" }), 0);
    assert.equal(await cancel({ host: new URL(one.url).host, path: "/flow" }), 1);
    await client.trigger([`${one.url}/other`, `${two.url}/flow`].map((url) => ({ url })));
    assert.ok((await client.cancel({ all: true })).cancelled >= 2);
    assert.equal((await client.cancel({ all: true })).cancelled, 0);
  });

  test("narrow the messages that are taken back, and the log", async () => {
    const one = await host({ "/in": () => new Response("ok") });
    const key = `k-${randomUUID()}`;
    const later = { url: `${one.url}/in`, body: "x", delay: 600 };
    const sent = await qstash.batch([{ ...later, flowControl: { key, parallelism: 1 } }, later, { ...later, url: `${one.url}/else` }]);
    const { logs } = await qstash.logs({ filter: { flowControlKey: key, callerIp: "127.0.0.1" } });
    assert.deepEqual(logs.map((e) => [e.messageId, e.state]), [[sent[0].messageId, "CREATED"]]);
    assert.equal((await qstash.logs({ filter: { flowControlKey: key, callerIp: "10.9.8.7" } })).logs.length, 0);
    const cancel = async (filter) => (await qstash.messages.cancel({ filter })).cancelled;
    assert.equal(await cancel({ flowControlKey: key }), 1);
    assert.equal(await cancel({ url: `${one.url}/in` }), 1);
    assert.ok((await qstash.messages.cancel({ all: true })).cancelled >= 1);
    assert.equal((await qstash.messages.cancel({ all: true })).cancelled, 0);
    for (const { messageId } of sent) assert.equal((await qstash.messages.get(messageId)).state, "CANCELED");
  });
});

test("a message is not delivered before its time", async () => {
  const one = await host({ "/in": () => new Response("ok") });
  const notBefore = Math.ceil(Date.now() / 1000) + 1;
  const { messageId } = await qstash.publish({ url: `${one.url}/in`, body: "x", notBefore });
  assert.equal((await qstash.messages.get(messageId)).notBefore, notBefore * 1000);
  await delivered(messageId);
  assert.ok(Date.now() >= notBefore * 1000);
});

test("a schedule has limits, a delay and a callback, and tells what its last message came to", async () => {
  const one = await host({ "/in": () => new Response("answer"), "/told": () => new Response("ok") });
  const key = `s-${randomUUID()}`;
  const { scheduleId } = await qstash.schedules.create({ destination: `${one.url}/in`, cron: "* * * * * *", delay: 1,
    callback: `${one.url}/told`, flowControl: { key, parallelism: 3 } });
  const schedule = await qstash.schedules.get(scheduleId);
  assert.deepEqual([schedule.delay, schedule.callback, schedule.flowControlKey, schedule.parallelism], [1, `${one.url}/told`, key, 3]);
  const states = await until(async () => {
    const { lastScheduleStates } = await qstash.schedules.get(scheduleId);
    return lastScheduleStates;
  });
  assert.ok(Object.entries(states).every(([id, state]) => id.startsWith("msg_") && ["IN_PROGRESS", "SUCCESS"].includes(state)));
  await until(() => of(one, "/told").length > 0);
  assert.equal(atob(JSON.parse(of(one, "/told")[0].body).body), "answer");
  await qstash.schedules.pause({ schedule: scheduleId });
  await until(async () => Object.values((await qstash.schedules.get(scheduleId)).lastScheduleStates).join() === "SUCCESS");
  await qstash.schedules.delete(scheduleId);
});

test("how many calls are open now is told for all nodes", async () => {
  let open;
  const gate = new Promise((opened) => { open = opened; });
  const one = await host({ "/in": async () => { await gate; return new Response("ok"); } });
  const { messageId } = await qstash.publish({ url: `${one.url}/in`, body: "x" });
  await until(async () => (await qstash.flowControl.getGlobalParallelism()).parallelismCount >= 1);
  assert.ok((await qstash.flowControl.getGlobalParallelism()).parallelismMax >= 1);
  open();
  await delivered(messageId);
});

test("a dead run is resumed under other limits", async () => {
  let broken = true;
  const key = `d-${randomUUID()}`;
  const { id } = await start({ "/flow": serve(async (c) => c.run("s", () => { if (broken) throw new Error("no"); return 1; })).POST });
  await ended(id, "RUN_FAILED");
  broken = false;
  const [dead] = (await client.dlq.list({ filter: { workflowRunId: id } })).messages;
  const again = await client.dlq.resume({ dlqId: dead.dlqId, flowControl: { key, parallelism: 2 } });
  assert.equal((await ended(again.workflowRunId)).flowControlKey, key);
});
