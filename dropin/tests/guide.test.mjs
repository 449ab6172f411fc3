// The guide's program as it is printed, on a plain Node server: trigger route, workflow route with the
// realtime middleware, realtime route; and what a page of it hears. ENDPOINT_EVENTS=program, since the
// program emits its events by itself.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { handle, Realtime } from "@upstash/realtime";
import { Redis } from "@upstash/redis";
import { Client, WorkflowMiddleware } from "@upstash/workflow";
import { serve } from "@upstash/workflow/nextjs";
import z from "zod/v4";
import { app } from "../lib/app.mjs";
import { redisOptions, stepcastUrl, until } from "../lib/stepcast.mjs";

process.env.UPSTASH_REDIS_REST_URL = redisOptions.url;
process.env.UPSTASH_REDIS_REST_TOKEN = redisOptions.token;

// lib/realtime.ts
const redis = Redis.fromEnv();
const schema = {
  workflow: {
    runFinish: z.object({}),
    stepFinish: z.object({
      stepName: z.string(),
      result: z.unknown().optional(),
    }),
  },
};
const realtime = new Realtime({ schema, redis });

// lib/middleware.ts
const realtimeMiddleware = new WorkflowMiddleware({
  name: "realtime-events",
  callbacks: {
    afterExecution: async ({ context, stepName, result }) => {
      const channel = realtime.channel(context.workflowRunId);
      await channel.emit("workflow.stepFinish", {
        stepName,
        result,
      });
    },
    runCompleted: async ({ context }) => {
      const channel = realtime.channel(context.workflowRunId);
      await channel.emit("workflow.runFinish", {});
    },
  },
});

// app/api/workflow/route.ts
const workflow = serve(
  async (context) => {
    const { userId, action } = context.requestPayload;
    await context.run("validate-data", async () => {
      return { valid: true, userId, action };
    });
    await context.run("process-action", async () => {
      // Your business logic here
      return { processed: true, userId, action };
    });
    return { success: true, workflowRunId: context.workflowRunId };
  },
  {
    middlewares: [realtimeMiddleware],
  },
);

// app/api/trigger/route.ts
const workflowClient = new Client({
  token: process.env.QSTASH_TOKEN,
  baseUrl: process.env.QSTASH_URL,
});
async function trigger(request) {
  const workflowUrl = `${request.nextUrl.origin}/api/workflow`;
  const { workflowRunId } = await workflowClient.trigger({
    url: workflowUrl,
    body: {
      userId: "user-123",
      action: "process-data",
    },
  });
  return Response.json({ workflowRunId });
}

const site = await app({
  "/api/workflow": workflow.POST,
  "/api/trigger": trigger,
  "/api/realtime": handle({ realtime }),
});
after(() => site.close());

const STEPS = ["workflow.stepFinish validate-data", "workflow.stepFinish process-action", "workflow.runFinish undefined"];

/** What an EventSource of the page gets, until the run is finished. */
async function heard(url) {
  const events = [];
  const stop = new AbortController();
  const response = await fetch(url, { signal: stop.signal });
  assert.equal(response.status, 200);
  (async () => {
    let text = "";
    for await (const part of response.body) {
      text += new TextDecoder().decode(part);
      const frames = text.split("\n\n");
      text = frames.pop();
      for (const line of frames.flatMap((frame) => frame.split("\n"))) {
        if (!line.startsWith("data:")) continue;
        const frame = JSON.parse(line.slice(5));
        if (frame.event) events.push(frame);
      }
    }
  })().catch(() => {});
  await until(() => events.some((e) => e.event === "workflow.runFinish"));
  stop.abort();
  return events.filter((e) => e.event !== "workflow.runStart");
}

for (const [name, base] of [["its own realtime route", () => site.url], ["ours", () => stepcastUrl]]) {
  test(`the guide's program: each step once, in order, heard through ${name}`, async () => {
    const before = site.calls["/api/workflow"] ?? 0;
    const { workflowRunId } = await (await fetch(`${site.url}/api/trigger`, { method: "POST" })).json();
    const events = await heard(
      `${base()}/api/realtime?channel=${workflowRunId}&last_ack_${workflowRunId}=0`);
    assert.deepEqual(events.map((e) => `${e.event} ${e.data.stepName}`), STEPS);
    assert.deepEqual(events[0].data.result, { valid: true, userId: "user-123", action: "process-data" });
    assert.equal(site.calls["/api/workflow"] - before, 3);
    // The program tells of the end before it has said so to the engine.
    const view = await until(async () => {
      const found = await (await fetch(`${stepcastUrl}/api/runs/${workflowRunId}`)).json();
      return found.state === "SUCCEEDED" && found;
    });
    assert.deepEqual(view.result, { success: true, workflowRunId });
  });
}
