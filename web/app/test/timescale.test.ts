import { describe, expect, test } from "vitest";
import type { RunProgress, StepProgress } from "@stepcast/client/react";
import { axisTo } from "../src/timescale";

const step = (index: number, startedAt: number, endedAt?: number) => ({ index, startedAt, endedAt }) as StepProgress;
const run = (more: Partial<RunProgress>) => ({ steps: [], startedAt: 1_000, ...more }) as RunProgress;

describe("the axis of a run", () => {
  test("goes from its first moment to its last", () => {
    const steps = [step(0, 1_000, 1_100), step(1, 990, 1_300)];
    expect(axisTo(run({ steps, endedAt: 1_250 }), 0)).toEqual({ from: 990, to: 1_300 });
  });

  test("is ahead of now while it runs, and moves on seldom", () => {
    const ends = new Set<number>();
    for (let now = 2_000; now < 3_000; now += 10) {
      const { to } = axisTo(run({}), now);
      expect(to).toBeGreaterThanOrEqual(now);
      ends.add(to);
    }
    expect(ends.size).toBeLessThan(20);
  });
});
