import { useMemo, useState } from "react";
import { perFrame, type Gap, type Message, type StepcastEvents } from "../index.js";
import type { RunError, RunState, StepError, StepState } from "../generated/http.js";
import { useRealtime, type RealtimeState } from "./realtime.js";

export interface AttemptProgress {
  attempt: number;
  startedAt: number;
  endedAt?: number;
  error?: StepError;
  /** When the next attempt is due. */
  retryAt?: number;
}

export interface StepProgress {
  index: number;
  name: string;
  kind: "run" | "sleep" | "wait";
  state: StepState;
  startedAt: number;
  endedAt?: number;
  /** When a sleep or a wait ends by itself. */
  until?: number;
  attempts: AttemptProgress[];
  result?: unknown;
}

/** A run as its events tell it. Times are the server's, in ms. */
export interface RunProgress {
  state: RunState;
  workflow?: string;
  startedAt?: number;
  endedAt?: number;
  /** By their place in the run's journal. */
  steps: StepProgress[];
  result?: unknown;
  error?: RunError;
  /** Share of the known steps that are done; 1 when the run has ended. */
  progress: number;
  /** True when the beginning is no longer kept. */
  incomplete: boolean;
}

export type RunMessage = Message<StepcastEvents>;

export const queuedRun: RunProgress = { state: "QUEUED", steps: [], progress: 0, incomplete: false };

/** By what stands in an event's name behind `run` or `step`. */
const STATES: Record<string, StepState> = {
  Start: "RUNNING",
  Finish: "SUCCEEDED",
  Fail: "FAILED",
  Cancel: "CANCELED",
  Sleep: "SLEEPING",
  Wait: "WAITING",
};

/**
 * The run after more that was told of it, in that order. What is not touched stays the same object;
 * the cost is a few looks for each event and one pass over the run's steps for each call.
 */
export function reduceRun(run: RunProgress, told: readonly (RunMessage | Gap)[]): RunProgress {
  const next = { ...run, steps: [...run.steps] };
  let now = 0;
  let done = 0;
  for (const one of told) {
    if ("event" in one) now = Math.max(now, fold(next, one));
    else next.incomplete = true;
  }
  const { steps, state, endedAt } = next;
  steps.forEach((step, at) => {
    // No event tells the end of a sleep: it has ended once the run did something after it.
    const slept = step.kind === "sleep" && step.until! <= now;
    const end = slept ? { state: "SUCCEEDED", endedAt: step.until } : { state, endedAt };
    if (!step.endedAt && end.endedAt) steps[at] = { ...step, ...end } as StepProgress;
    if (steps[at]!.endedAt) done++;
  });
  next.progress = endedAt ? 1 : done / (steps.length + 1);
  return next;
}

/** Changes `run` as an event says, and answers when that happened. */
function fold(run: RunProgress, { event, data }: Message<any>): number {
  const what = event.replace(/.*(run|step)/, "");
  const { at, stepName: name, index, attempt, workflow, until, result, error, retryAt, tookMs } = data;
  const state = retryAt ? "BACKING_OFF" : STATES[what];
  if (!state) return 0;
  const endedAt = /^[FC]/.test(what) && !retryAt ? at : undefined;
  if (!name) {
    Object.assign(run, endedAt ? { state, endedAt, result, error } : { state, workflow, startedAt: at });
    return at;
  }
  run.state = endedAt ? "RUNNING" : state;
  put(run.steps, "index", index, (old) => {
    const kind = { Sleep: "sleep", Wait: "wait" }[what] ?? old?.kind ?? "run";
    const attempts = [...(old?.attempts ?? [])];
    if (kind === "run") {
      put(attempts, "attempt", attempt, (before) => ({
        attempt,
        // A start is told late or never; an end that says how long it took knows better.
        startedAt: tookMs >= 0 ? at - tookMs : (before?.startedAt ?? at),
        endedAt: what === "Start" ? undefined : at,
        error,
        retryAt,
      }));
    }
    const { startedAt } = attempts[0] ?? old ?? { startedAt: at };
    return { index, name, kind, startedAt, state, attempts, until, result, endedAt } as StepProgress;
  });
  return at;
}

/** Puts what becomes of the item with this key into its place, in the order of keys. */
function put<K extends string, T extends Record<K, number>>(
  items: T[],
  key: K,
  value: number,
  become: (old?: T) => T,
): void {
  const at = items.findLastIndex((item) => item[key] <= value); // nearly always the last
  const found = items[at]?.[key] === value;
  items.splice(found ? at : at + 1, +found, become(found ? items[at] : undefined));
}

/**
 * Follows a run from its beginning, and through to its end. However many events come, it renders
 * once for each frame.
 */
export function useWorkflowRun(runId: string | null | undefined): RunProgress & RealtimeState {
  const [runs, setRuns] = useState<Record<string, RunProgress>>({});
  const take = useMemo(
    () =>
      perFrame((told: (RunMessage | Gap)[]) =>
        setRuns((all) => ({ ...all, [runId!]: reduceRun(all[runId!] ?? queuedRun, told) })),
      ),
    [runId],
  );
  const live = useRealtime<StepcastEvents>({
    channels: [runId],
    history: true,
    onData: take,
    onGap: take,
  });
  return { ...live, ...(runs[runId!] ?? queuedRun) };
}
