import type { RunProgress } from "@stepcast/client/react";

const SHORTEST_RUNNING_MS = 200;
const SHORTEST_ENDED_MS = 10;
const NOTCHES = 16;

/**
 * From the first moment of a run to its last, in ms. While it runs the end is ahead of now and moves
 * on in notches, since every bar is drawn anew when it does.
 */
export function axisTo(run: Pick<RunProgress, "steps" | "startedAt" | "endedAt">, now: number): { from: number; to: number } {
  let from = run.startedAt ?? Infinity;
  let last = run.endedAt ?? now;
  for (const { startedAt, endedAt = startedAt } of run.steps) {
    from = Math.min(from, startedAt);
    last = Math.max(last, endedAt);
  }
  if (run.endedAt !== undefined) return { from, to: Math.max(last, from + SHORTEST_ENDED_MS) };
  const span = Math.max(last - from, SHORTEST_RUNNING_MS);
  const notch = 2 ** Math.floor(Math.log2(span)) / NOTCHES;
  return { from, to: from + Math.ceil(span / notch) * notch };
}
