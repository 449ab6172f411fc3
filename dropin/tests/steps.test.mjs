// Every kind of step of @upstash/workflow, and the exact number of calls that its endpoint gets.
// Every delivery is signed, and the package checks it.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { Client, WorkflowNonRetryableError, WorkflowRetryAfterError } from "@upstash/workflow";
import { serve, serveMany, createWorkflow } from "@upstash/workflow/nextjs";
import { host } from "../lib/host.mjs";
import { ended } from "../lib/runs.mjs";
import { qstashOptions, stepcastUrl, until } from "../lib/stepcast.mjs";

const client = new Client(qstashOptions);

/** Runs one workflow to its end; answers its log, how often it was called, and its return value. */
async function run(route, { body, options = {}, state = "RUN_SUCCESS", routes = {}, during, trigger = {} } = {}) {
  const one = await host({ "/flow": serve(route, options).POST, ...routes });
  const { workflowRunId } = await client.trigger({ url: `${one.url}/flow`, body, retries: 0, ...trigger });
  if (during) await during(workflowRunId, one);
  const log = await ended(workflowRunId, state);
  return { log, calls: one.calls, seen: one.seen, id: workflowRunId, one };
}

const answer = (log) => JSON.parse(log.workflowRunResponse);

test("two steps: three deliveries, results carried along, unicode intact", async () => {
  const ran = [];
  const { log, calls, id } = await run(async (context) => {
    const a = await context.run("one", () => (ran.push(1), { text: `é“${context.requestPayload.name}”🎉` }));
    const b = await context.run("two", () => (ran.push(2), a.text.length));
    return { a, b, id: context.workflowRunId };
  }, { body: { name: "wörld" } });
  assert.deepEqual(answer(log), { a: { text: "é“wörld”🎉" }, b: 10, id });
  assert.deepEqual(ran, [1, 2]);
  assert.equal(calls["/flow"], 3);
  assert.deepEqual(log.steps.map((g) => g.steps[0].stepName), ["init", "one", "two"]);
  const view = await (await fetch(`${stepcastUrl}/api/runs/${id}`)).json();
  assert.equal(view.executor, "endpoint");
  assert.equal(view.state, "SUCCEEDED");
  assert.deepEqual(view.steps.map((s) => s.name), ["one", "two"]);
});

test("no payload, a text payload, a payload of 5 MB", async () => {
  assert.equal(answer((await run(async (c) => c.run("s", () => c.requestPayload === undefined))).log), true);
  assert.equal(answer((await run(async (c) => c.run("s", () => `${c.requestPayload}!`), { body: "plain" })).log), "plain!");
  const big = "ü".repeat(2_500_000);
  const { log, calls } = await run(async (c) => c.run("s", () => c.requestPayload.big.length), { body: { big } });
  assert.equal(answer(log), big.length);
  assert.equal(calls["/flow"], 2);
});

test("an endpoint that answers long after it submitted is not called twice for one message", async () => {
  const { POST } = serve(async (c) => { await c.run("a", () => 1); await c.run("b", () => 2); });
  let answered = 0;
  const one = await host({ "/flow": async (request) => {
    const response = await POST(request);
    await new Promise((later) => setTimeout(later, 600));
    answered++;
    return response;
  } });
  const { workflowRunId } = await client.trigger({ url: `${one.url}/flow`, retries: 0 });
  await ended(workflowRunId, "RUN_SUCCESS");
  await until(() => answered === one.calls["/flow"]); // nothing is under way that could be made again
  assert.equal(one.calls["/flow"], 3);
});

test("headers go along to every delivery, and a run has labels", async () => {
  const { log, seen, id } = await run(async (c) => {
    await c.run("s", () => 1);
    return c.headers.get("my-header");
  }, { trigger: { headers: { "My-Header": "mine" }, label: "blue" } });
  assert.equal(answer(log), "mine");
  assert.ok(seen.every((s) => s.headers["my-header"] === "mine" && s.headers["upstash-workflow-runid"] === id));
  assert.equal(log.label, "blue");
});

test("sleep and sleepUntil wait that long at least", async () => {
  const start = Date.now();
  const { calls } = await run(async (c) => {
    await c.sleep("a", 1);
    await c.sleepUntil("b", Date.now() / 1000 + 1.3);
    return "ok";
  });
  assert.ok(Date.now() - start >= 2000);
  assert.equal(calls["/flow"], 3);
});

test("parallel: each branch runs once, one delivery a plan and one a result", async () => {
  const ran = [];
  const { log, calls } = await run(async (c) => {
    const all = await Promise.all([
      c.run("a", () => (ran.push("a"), 1)), c.run("b", () => (ran.push("b"), 2)), c.sleep("z", 1),
    ]);
    return [...all, await c.run("last", () => 3)];
  });
  assert.deepEqual(answer(log), [1, 2, null, 3]);
  assert.deepEqual(ran.sort(), ["a", "b"]);
  assert.equal(calls["/flow"], 1 + 3 + 3 + 1);
  assert.equal(log.steps[1].type, "parallel");
  assert.equal(log.steps[1].steps.length, 3);
});

describe("call", () => {
  test("gives back status, headers and body, one delivery for each", async () => {
    const third = async (request) => Response.json({ got: await request.json(), h: request.headers.get("x-h") },
      { status: 201, headers: { "some-header": "v" } });
    const { log, calls } = await run(async (c) => c.call("third", {
      url: c.requestPayload, method: "POST", body: { x: 1 }, headers: { "x-h": "hv" },
    }), { body: await thirdUrl(third) });
    assert.equal(answer(log).status, 201);
    assert.deepEqual(answer(log).body, { got: { x: 1 }, h: "hv" });
    assert.deepEqual(answer(log).header["Some-Header"], ["v"]);
    assert.equal(calls["/flow"], 3);
  });

  test("a refusal is a result; with retries it comes after the last", async () => {
    let asked = 0;
    const url = await thirdUrl(() => (asked++, new Response("no", { status: 418 })));
    const { log } = await run(async (c) => c.call("third", { url, retries: 2, retryDelay: "10" }));
    assert.equal(answer(log).status, 418);
    assert.equal(answer(log).body, "no");
    assert.equal(asked, 3);
  });
});

async function thirdUrl(handler) {
  return `${(await host({ "/third": handler })).url}/third`;
}

describe("waits", () => {
  test("an event ends them, with its data", async () => {
    const event = `paid-${randomUUID()}`;
    const { log, calls } = await run(async (c) => c.waitForEvent("w", event, { timeout: "60s" }), {
      during: async (id) => {
        await until(async () => (await client.getWaiters({ eventId: event })).length === 1);
        const told = await client.notify({ eventId: event, eventData: { d: "“é”" } });
        assert.deepEqual(told.map((t) => t.workflowRunId), [id]);
      },
    });
    assert.deepEqual(answer(log), { eventData: { d: "“é”" }, timeout: false });
    assert.equal(calls["/flow"], 2);
    assert.deepEqual(await client.notify({ eventId: event }), []);
  });

  test("time ends them", async () => {
    const { log } = await run(async (c) => c.waitForEvent("w", `never-${randomUUID()}`, { timeout: "1s" }));
    assert.equal(answer(log).timeout, true);
  });

  test("what came before for this run is not lost", async () => {
    const event = `early-${randomUUID()}`;
    const { log } = await run(async (c) => {
      await c.sleep("first", 1);
      return (await c.waitForEvent("w", event, { timeout: "20s" })).eventData;
    }, { during: (id) => client.notify({ eventId: event, eventData: "early", workflowRunId: id }) });
    assert.equal(answer(log), "early");
  });

  test("one run notifies another", async () => {
    const event = `n-${randomUUID()}`;
    const waiting = await host({ "/w": serve(async (c) => (await c.waitForEvent("w", event)).eventData).POST });
    const { workflowRunId } = await client.trigger({ url: `${waiting.url}/w` });
    await until(async () => (await client.getWaiters({ eventId: event })).length === 1);
    const { log } = await run(async (c) => (await c.notify("tell", event, { x: 1 })).notifyResponse.length);
    assert.equal(answer(log), 1);
    assert.deepEqual(answer(await ended(workflowRunId, "RUN_SUCCESS")), { x: 1 });
  });

  test("a webhook ends them", async () => {
    let url;
    const { log } = await run(async (c) => {
      const webhook = await c.createWebhook("make");
      await c.run("publish", () => { url = webhook.webhookUrl; });
      const { request } = await c.waitForWebhook("hook", webhook, "20s");
      return { text: await request.text(), method: request.method, same: request.url === webhook.webhookUrl };
    }, {
      during: async () => {
        await until(() => url);
        assert.equal((await fetch(url, { method: "POST", body: "hällo" })).status, 200);
      },
    });
    assert.deepEqual(answer(log), { text: "hällo", method: "POST", same: true });
  });
});

describe("invoke", () => {
  const child = createWorkflow(async (c) => {
    if (c.requestPayload.fail) throw new WorkflowNonRetryableError("no");
    return { from: "child", n: await c.run("s", () => c.requestPayload.n + 1) };
  }, { workflowId: "child" });

  const invoking = async (body) => {
    const parent = createWorkflow(async (c) => {
      const all = await Promise.all(c.requestPayload.map((b, i) =>
        c.invoke(`child-${i}`, { workflow: child, body: b, retries: 0 })));
      return all;
    });
    const { POST } = serveMany({ child, parent });
    const one = await host({ "/many/parent": POST, "/many/child": POST });
    const { workflowRunId } = await client.trigger({ url: `${one.url}/many/parent`, body, retries: 0 });
    return { log: await ended(workflowRunId, "RUN_SUCCESS"), calls: one.calls };
  };

  test("gives back what the child returned", async () => {
    const { log, calls } = await invoking([{ n: 1 }]);
    assert.deepEqual(answer(log), [{ body: { from: "child", n: 2 }, isFailed: false, isCanceled: false }]);
    assert.deepEqual(calls, { "/many/parent": 2, "/many/child": 2 });
  });

  test("in parallel, and one of them fails", async () => {
    const { log } = await invoking([{ n: 1 }, { fail: true }]);
    assert.deepEqual(answer(log)[0].body, { from: "child", n: 2 });
    assert.deepEqual(answer(log)[1], { isFailed: true, isCanceled: false });
  });
});

describe("failures", () => {
  test("are tried again as often as asked, then told to the failure function", async () => {
    let tries = 0;
    let told;
    const { log, calls } = await run(async (c) => {
      await c.run("good", () => 1);
      await c.run("bad", () => { tries++; throw new Error("broken “é”"); });
    }, {
      body: { pay: "load" }, state: "RUN_FAILED", trigger: { retries: 2, retryDelay: "10" },
      options: { failureFunction: async (info) => { told = info; return "heard"; } },
    });
    await until(() => told);
    assert.equal(tries, 3);
    assert.equal(calls["/flow"], 1 + 3 + 1);
    assert.equal(told.failStatus, 500);
    assert.equal(told.failResponse, "broken “é”");
    assert.deepEqual(told.context.requestPayload, { pay: "load" });
    assert.equal(log.steps.at(-1).type, "next");
    assert.equal(log.steps.at(-1).steps[0].state, "STEP_FAILED");
    assert.equal(log.steps.at(-1).steps[0].errors.length, 3);
  });

  test("of one branch are tried again, the others are left alone", async () => {
    const ran = [];
    const { log, calls } = await run(async (c) => Promise.all([
      c.run("good", () => { ran.push("good"); return 1; }),
      c.run("bad", () => { ran.push("bad"); if (ran.filter((r) => r === "bad").length < 3) throw new Error("no"); return 2; }),
    ]), { trigger: { retries: 2, retryDelay: "10" } });
    assert.deepEqual(answer(log), [1, 2]);
    assert.deepEqual(ran.sort(), ["bad", "bad", "bad", "good"]);
    assert.equal(calls["/flow"], 1 + 2 + 2 + 2);
  });

  test("without retry end the run at once", async () => {
    const { calls } = await run(async (c) => {
      await c.run("bad", () => { throw new WorkflowNonRetryableError("never"); });
    }, { state: "RUN_FAILED", trigger: { retries: 5 } });
    assert.equal(calls["/flow"], 1 + 1); // the second tells, and finds no failure function
  });

  test("say when to come back", async () => {
    let tries = 0;
    const start = Date.now();
    await run(async (c) => c.run("later", () => {
      if (tries++ === 0) throw new WorkflowRetryAfterError("wait", 1);
      return "ok";
    }), { trigger: { retries: 1 } });
    assert.ok(Date.now() - start >= 1000);
    assert.equal(tries, 2);
  });

  test("of a destination that is no workflow are told by name", async () => {
    const one = await host({ "/plain": () => new Response("hello") });
    const { workflowRunId } = await client.trigger({ url: `${one.url}/plain`, retries: 3 });
    const log = await ended(workflowRunId, "RUN_FAILED");
    assert.match(log.steps[1].steps[0].errors[0].error, /non-workflow destination/);
    assert.equal(log.steps[1].steps[0].errors[0].body, "hello");
    assert.equal(one.calls["/plain"], 1 + 1);
  });

  test("are dead letters: resumed where they failed, or restarted", async () => {
    let fixed = false;
    const ran = [];
    const { id, one } = await run(async (c) => {
      await c.run("a", () => { ran.push("a"); });
      return c.run("b", () => { ran.push("b"); if (!fixed) throw new Error("not yet"); return "done"; });
    }, { state: "RUN_FAILED" });
    const mine = async () => (await client.dlq.list()).messages.filter((m) => m.workflowRunId === id);
    const [dead] = await mine();
    assert.equal(dead.responseStatus, 500);
    fixed = true;
    const resumed = await client.dlq.resume({ dlqId: dead.dlqId });
    assert.equal(answer(await ended(resumed.workflowRunId, "RUN_SUCCESS")), "done");
    assert.deepEqual(ran, ["a", "b", "b"]);
    assert.deepEqual(await mine(), []);
    fixed = false;
    const again = await client.trigger({ url: `${one.url}/flow`, retries: 0 });
    await ended(again.workflowRunId, "RUN_FAILED");
    fixed = true;
    const [second] = (await client.dlq.list()).messages.filter((m) => m.workflowRunId === again.workflowRunId);
    const restarted = await client.dlq.restart({ dlqId: second.dlqId });
    assert.equal(answer(await ended(restarted.workflowRunId, "RUN_SUCCESS")), "done");
    assert.deepEqual(ran, ["a", "b", "b", "a", "b", "a", "b"]);
  });
});

describe("cancel", () => {
  test("ends a run, once", async () => {
    const { id } = await run(async (c) => { await c.sleep("long", 1000); }, {
      state: "RUN_CANCELED",
      during: async (id) => {
        assert.equal((await client.cancel(id)).cancelled, 1);
      },
    });
    assert.equal((await client.cancel({ ids: [id, "wfr_unknown"] })).cancelled, 0);
  });

  test("from within", async () => {
    const { calls } = await run(async (c) => {
      await c.run("a", () => 1);
      await c.cancel();
    }, { state: "RUN_CANCELED" });
    assert.equal(calls["/flow"], 2);
  });
});

test("the same run id again while the run is active is the same run", async () => {
  const one = await host({ "/flow": serve(async (c) => { await c.sleep("s", 1); }).POST });
  const workflowRunId = `same-${randomUUID()}`;
  const first = await client.trigger({ url: `${one.url}/flow`, workflowRunId });
  const second = await client.trigger({ url: `${one.url}/flow`, workflowRunId });
  assert.equal(first.workflowRunId, second.workflowRunId);
  await ended(first.workflowRunId, "RUN_SUCCESS");
  assert.equal(one.calls["/flow"], 2);
});

test("called directly, an endpoint starts a run by itself", async () => {
  let got;
  const one = await host({
    "/flow": serve(async (c) => { got = await c.run("s", () => c.requestPayload.x); }, { receiver: undefined }).POST,
  });
  const response = await fetch(`${one.url}/flow`, { method: "POST", body: JSON.stringify({ x: 5 }) });
  assert.equal(response.status, 200);
  await until(() => got === 5);
});
