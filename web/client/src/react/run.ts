import { useState } from "react";
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

const STATES: Record<string, StepState> = {
  runStart: "RUNNING",
  runFinish: "SUCCEEDED",
  runFail: "FAILED",
  runCancel: "CANCELED",
  stepStart: "RUNNING",
  stepFinish: "SUCCEEDED",
  stepFail: "FAILED",
  runSleep: "SLEEPING",
  runWait: "WAITING",
};

/** The run after one more of its events. */
export function reduceRun(run: RunProgress, message: RunMessage): RunProgress {
  const what = message.event.slice("workflow.".length);
  const data: any = message.data;
  const { at, index, result, error, retryAt } = data;
  const state = retryAt ? "BACKING_OFF" : STATES[what];
  if (!state) return run;
  const endedAt = /Fin|Fail|Canc/.test(what) && !retryAt ? at : undefined;
  // No event tells the end of a sleep: it has ended once the run did something after it.
  let steps = run.steps.map((step): StepProgress => {
    const slept = step.kind === "sleep" && !step.endedAt && step.until! <= at;
    return slept ? { ...step, state: "SUCCEEDED", endedAt: step.until } : step;
  });
  if (data.stepName) {
    const old = steps.find((step) => step.index === index);
    steps = put(steps, "index", stepAfter(old, what, { ...data, state, endedAt }));
    const done = steps.filter((step) => step.endedAt).length;
    return { ...run, steps, state: endedAt ? "RUNNING" : state, progress: done / (steps.length + 1) };
  }
  if (!endedAt) return { ...run, state, workflow: data.workflow, startedAt: at };
  steps = steps.map((step) => (step.endedAt ? step : { ...step, state, endedAt }));
  return { ...run, state, steps, endedAt, progress: 1, result, error };
}

function stepAfter(old: StepProgress | undefined, what: string, data: any): StepProgress {
  const { at, index, attempt, state, endedAt, until, result, error, retryAt, tookMs } = data;
  const kind = { runSleep: "sleep", runWait: "wait" }[what] ?? old?.kind ?? "run";
  let attempts = old?.attempts ?? [];
  if (kind === "run") {
    const before = attempts.find((other) => other.attempt === attempt);
    // A start is told late or never; an end that says how long it took knows better.
    const startedAt = tookMs >= 0 ? at - tookMs : (before?.startedAt ?? at);
    const tried = what === "stepStart" ? undefined : at;
    attempts = put(attempts, "attempt", { attempt, startedAt, endedAt: tried, error, retryAt });
  }
  const startedAt = attempts[0]?.startedAt ?? old?.startedAt ?? at;
  const name = data.stepName;
  return { index, name, kind, startedAt, state, attempts, until, result, endedAt } as StepProgress;
}

/** Adds `item`, or replaces the one with the same key, in the order of keys. */
function put<K extends string, T extends Record<K, number>>(items: T[], key: K, item: T): T[] {
  const others = items.filter((other) => other[key] !== item[key]);
  return [...others, item].sort((a, b) => a[key] - b[key]);
}

/**
 * Follows a run from its beginning, and through to its end. However many events come, it renders
 * once for each frame.
 */
export function useWorkflowRun(
  runId: string | null | undefined,
): RunProgress & Pick<RealtimeState, "status" | "problem"> {
  const [runs, setRuns] = useState<Record<string, RunProgress>>({});
  const [take] = useState(() =>
    perFrame((told: (RunMessage | Gap)[]) =>
      setRuns((before) => {
        const after = { ...before };
        for (const one of told) {
          const run = after[one.channel] ?? queuedRun;
          after[one.channel] = "event" in one ? reduceRun(run, one) : { ...run, incomplete: true };
        }
        return after;
      }),
    ),
  );
  const { status, problem } = useRealtime<StepcastEvents>({
    channels: [runId],
    history: true,
    onData: take,
    onGap: take,
  });
  return { ...((runId && runs[runId]) || queuedRun), status, problem };
}
