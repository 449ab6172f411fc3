import { expect, test } from "vitest";
import type { RunView } from "@stepcast/client/http";
import { progressOf } from "../src/progress.js";

const view: RunView = {
  workflowRunId: "wfr_1",
  workflow: "demo",
  version: "1",
  executor: "java",
  state: "SLEEPING",
  createdAt: 100,
  labels: [],
  payload: {},
  steps: [
    {
      index: 0,
      name: "flaky",
      type: "run",
      state: "SUCCEEDED",
      result: 7,
      attempts: [
        { attempt: 1, startedAt: 110, tookMs: 5, worker: "w", error: { type: "E", message: "no" } },
        { attempt: 2, startedAt: 200, tookMs: 30, worker: "w" },
      ],
    },
    { index: 1, name: "nap", type: "sleep", state: "SLEEPING", attempts: [] },
  ],
};

test("a run as the API keeps it looks like one that was watched", () => {
  const run = progressOf(view);
  expect(run).toMatchObject({ state: "SLEEPING", workflow: "demo", startedAt: 100, incomplete: false });
  expect(run.progress).toBeCloseTo(1 / 3);
  expect(run.steps).toMatchObject([
    { name: "flaky", kind: "run", startedAt: 110, endedAt: 230, result: 7 },
    { name: "nap", kind: "sleep", startedAt: 230, endedAt: undefined },
  ]);
  expect(run.steps[0]!.attempts[0]).toMatchObject({ startedAt: 110, endedAt: 115, error: { message: "no" } });
});

test("when it has ended it is whole", () => {
  const run = progressOf({ ...view, state: "FAILED", endedAt: 300, error: { type: "E", message: "no" } });
  expect(run).toMatchObject({ progress: 1, endedAt: 300, error: { message: "no" } });
});
