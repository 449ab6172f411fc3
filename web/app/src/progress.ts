import type { RunView } from "@stepcast/client/http";
import type { RunProgress, StepProgress } from "@stepcast/client/react";
import { isOver } from "./words";

/** A run as the API keeps it, in the shape that the live events give. */
export function progressOf(view: RunView): RunProgress {
  let last = view.createdAt;
  const steps = view.steps.map(({ index, name, type, state, result, attempts }): StepProgress => {
    const tried = attempts.map(({ attempt, startedAt, tookMs, error }) => ({
      attempt,
      startedAt,
      ...(tookMs !== undefined && { endedAt: startedAt + tookMs }),
      ...(error && { error }),
    }));
    const startedAt = tried[0]?.startedAt ?? last;
    const over = state === "SUCCEEDED" || state === "FAILED" || state === "CANCELED";
    last = Math.max(last, tried.at(-1)?.endedAt ?? startedAt);
    const kind = type.startsWith("sleep") ? "sleep" : type.startsWith("wait") ? "wait" : "run";
    const endedAt = over ? last : undefined;
    return { index, name, kind, state, result, startedAt, endedAt, attempts: tried };
  });
  const done = steps.filter(({ endedAt }) => endedAt).length;
  return {
    state: view.state,
    workflow: view.workflow,
    startedAt: view.createdAt,
    endedAt: view.endedAt,
    steps,
    result: view.result,
    error: view.error,
    progress: isOver(view.state) ? 1 : done / (steps.length + 1),
    incomplete: false,
  };
}
