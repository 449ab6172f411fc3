// The guide's program as it is printed, on a plain Node server in the place of Next.js: trigger route,
// workflow route with the realtime middleware, realtime route. It wants ENDPOINT_EVENTS=program, since
// it emits its events by itself.
import { handle, Realtime } from "@upstash/realtime";
import { Redis } from "@upstash/redis";
import { Client, WorkflowMiddleware } from "@upstash/workflow";
import { serve } from "@upstash/workflow/nextjs";
import z from "zod/v4";
import { redisOptions } from "./stepcast.mjs";

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

/** The routes of the program, for `app`. */
export const guide = {
  "/api/workflow": workflow.POST,
  "/api/trigger": trigger,
  "/api/realtime": handle({ realtime }),
};
