// @vitest-environment happy-dom
import { act, renderHook, waitFor } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { useWorkflowRun } from "../src/react/index.js";
import { patience, server, Surroundings, withServer } from "./react-harness.js";

withServer();

describe("useWorkflowRun", () => {
  test("follows a run from its beginning through to its end", async () => {
    const tell = (what: string, data: object) => server.emit("wfr_1", `workflow.${what}`, data);
    tell("runStart", { workflow: "demo", version: "1", at: 100 });
    tell("stepFinish", { stepName: "fast", index: 0, attempt: 1, tookMs: 5, result: { a: 1 }, at: 110 });
    const { result } = renderHook(() => useWorkflowRun("wfr_1"), { wrapper: Surroundings });
    await waitFor(() => expect(result.current.steps).toHaveLength(1), patience);
    expect(result.current).toMatchObject({ state: "RUNNING", workflow: "demo", startedAt: 100, progress: 0.5 });
    expect(result.current.steps[0]).toMatchObject({
      name: "fast", kind: "run", state: "SUCCEEDED", startedAt: 105, endedAt: 110, result: { a: 1 },
    });
    await act(async () => {
      tell("stepFail", { stepName: "flaky", index: 1, attempt: 1, error: { type: "E", message: "no" }, retryAt: 200, at: 120 });
    });
    await waitFor(() => expect(result.current.state).toBe("BACKING_OFF"), patience);
    await act(async () => {
      tell("stepStart", { stepName: "flaky", index: 1, attempt: 2, at: 200 });
      tell("stepFinish", { stepName: "flaky", index: 1, attempt: 2, tookMs: 10, at: 210 });
      tell("runSleep", { stepName: "nap", index: 2, until: 500, at: 211 });
    });
    await waitFor(() => expect(result.current.state).toBe("SLEEPING"), patience);
    expect(result.current.steps[1]!.attempts).toMatchObject([
      { attempt: 1, error: { message: "no" }, retryAt: 200 },
      { attempt: 2, startedAt: 200, endedAt: 210 },
    ]);
    await act(async () => void tell("runFinish", { result: "done", at: 510 }));
    await waitFor(() => expect(result.current.state).toBe("SUCCEEDED"), patience);
    expect(result.current).toMatchObject({ progress: 1, result: "done", endedAt: 510 });
    expect(result.current.steps[2]).toMatchObject({ kind: "sleep", state: "SUCCEEDED", endedAt: 500 });
  });

  test("another run, and back again: both whole", async () => {
    for (const run of ["wfr_1", "wfr_2"]) {
      server.emit(run, "workflow.stepFinish", { stepName: run, index: 0, attempt: 1, tookMs: 1, at: 2 });
    }
    const { result, rerender } = renderHook(({ id }) => useWorkflowRun(id), {
      wrapper: Surroundings,
      initialProps: { id: "wfr_1" },
    });
    await waitFor(() => expect(result.current.steps[0]?.name).toBe("wfr_1"), patience);
    rerender({ id: "wfr_2" });
    expect(result.current.steps).toEqual([]);
    await waitFor(() => expect(result.current.steps[0]?.name).toBe("wfr_2"), patience);
    rerender({ id: "wfr_1" });
    expect(result.current.steps).toHaveLength(1);
  });
});
