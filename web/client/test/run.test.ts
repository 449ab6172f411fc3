import { describe, expect, test } from "vitest";
import { queuedRun, reduceRun, type RunMessage, type RunProgress } from "../src/react/run.js";

let id = 0;
const told = (what: string, data: object) =>
  ({ id: `${++id}-0`, channel: "wfr_1", event: `workflow.${what}`, data }) as unknown as RunMessage;
const finish = (index: number, at: number, more: object = {}) =>
  told("stepFinish", { at, stepName: `s${index}`, index, attempt: 1, tookMs: 5, result: index, ...more });
const gap = { channel: "wfr_1", after: "0-0", until: "9-0", reason: "trimmed" as const };

describe("reduceRun", () => {
  test("all at once comes to the same as one by one", () => {
    const events = [
      told("runStart", { at: 1, workflow: "w", version: "1" }),
      finish(0, 10),
      told("stepStart", { at: 11, stepName: "s2", index: 2, attempt: 1 }),
      told("runSleep", { at: 12, stepName: "nap", index: 1, until: 15 }),
      told("stepFail", { at: 20, stepName: "s2", index: 2, attempt: 1, error: { type: "E", message: "no" }, retryAt: 30 }),
      told("stepStart", { at: 30, stepName: "s2", index: 2, attempt: 2 }),
      finish(2, 40, { attempt: 2 }),
      told("runWait", { at: 41, stepName: "w", index: 3, eventId: "e", until: 100 }),
      told("runCancel", { at: 50 }),
    ];
    const whole = reduceRun(queuedRun, events);
    expect(whole).toEqual(events.reduce((run, event) => reduceRun(run, [event]), queuedRun));
    expect(whole).toMatchObject({ state: "CANCELED", progress: 1, endedAt: 50, workflow: "w", startedAt: 1 });
    expect(whole.steps.map(({ name, state, endedAt }) => [name, state, endedAt])).toEqual([
      ["s0", "SUCCEEDED", 10],
      ["nap", "SUCCEEDED", 15],
      ["s2", "SUCCEEDED", 40],
      ["w", "CANCELED", 50],
    ]);
    expect(whole.steps[2]!.attempts).toMatchObject([{ attempt: 1, retryAt: 30 }, { attempt: 2, endedAt: 40 }]);
  });

  test("steps stand by their index, in whatever order they are told", () => {
    const indexes = [5, 0, 9, 3, 0, 7, 5];
    const { steps } = reduceRun(queuedRun, indexes.map((index) => finish(index, 100)));
    expect(steps.map(({ index }) => index)).toEqual([0, 3, 5, 7, 9]);
  });

  test("what is not touched stays the same object, and what was there is not changed", () => {
    const before = reduceRun(queuedRun, [finish(0, 1), finish(1, 2)]);
    const copy = structuredClone(before);
    const after = reduceRun(before, [finish(1, 3, { result: "again" })]);
    expect(before).toEqual(copy);
    expect(after.steps[0]).toBe(before.steps[0]);
    expect(after.steps[1]).not.toBe(before.steps[1]);
  });

  test("a gap is remembered, an event of another kind changes nothing", () => {
    const run: RunProgress = reduceRun(queuedRun, [gap, told("listChanged", { at: 1, runs: [] })]);
    expect(run).toEqual({ ...queuedRun, incomplete: true });
  });
});
