// How runs stand, as @upstash/workflow's client is told.
import assert from "node:assert/strict";
import { Client } from "@upstash/workflow";
import { qstashOptions, until } from "./stepcast.mjs";

const client = new Client(qstashOptions);

/** What is logged of a run; undefined where nothing is. */
export const logOf = async (id) => (await client.logs({ workflowRunId: id })).runs[0];

/** Resolves with the log of a run that has ended as `state` says; any other end is a failure. */
export const ended = (id, state = "RUN_SUCCESS") => until(async () => {
  const log = await logOf(id);
  if (log && log.workflowState !== "RUN_STARTED") assert.equal(log.workflowState, state, JSON.stringify(log));
  return log?.workflowState === state && log;
});
