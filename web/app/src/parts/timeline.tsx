import { memo, useId, useLayoutEffect, useRef, useState } from "react";
import type { RunProgress, StepProgress } from "@stepcast/client/react";
import { duration, toneOf, wordOf, type Tone } from "../words";
import { Json } from "./basics";
import { Again, Check, Cross, Hourglass, Moon, Ring, Spinner } from "./icons";

const SHOWN_MOST = 60;
const HEAD = 10;
const MORE = 200;

/**
 * The steps of a run, one below the other, on one axis of time that grows while it runs. Only the
 * scale of the list changes with time, and only what runs is drawn anew; a long list is folded.
 */
export function Timeline({ run, now }: { run: RunProgress; now: number }) {
  const { steps } = run;
  const [unfolded, setUnfolded] = useState(0);
  const from = steps.reduce((first, step) => Math.min(first, step.startedAt), run.startedAt ?? Infinity);
  const last = steps.reduce((latest, step) => Math.max(latest, step.endedAt ?? step.startedAt), 0);
  const to = Math.max(run.endedAt ?? now, last, from + (run.endedAt ? 10 : 200));
  const folded = Math.max(0, steps.length - SHOWN_MOST - unfolded);
  const at = run.endedAt ?? now;
  const row = (step: StepProgress) => (
    <Step key={step.index} step={step} from={from} now={step.endedAt === undefined ? at : undefined} />
  );
  const list = useRef<HTMLOListElement>(null);
  useLayoutEffect(() => list.current?.style.setProperty("--span", String(to - from)), [from, to]);
  return (
    <ol className={folded ? "steps" : "steps fresh"} aria-label="Steps" ref={list}>
      {steps.slice(0, folded ? HEAD : undefined).map(row)}
      {folded > 0 && (
        <li className="fold">
          <button type="button" className="button slim quiet" onClick={() => setUnfolded((n) => n + MORE)}>
            {folded.toLocaleString()} more steps
          </button>
        </li>
      )}
      {folded > 0 && steps.slice(HEAD + folded).map(row)}
    </ol>
  );
}

/** `now`: for a step that has not ended. */
const Step = memo(function Step({ step, from, now = 0 }: { step: StepProgress; from: number; now?: number }) {
  const [open, setOpen] = useState(false);
  const detail = useId();
  const over = step.endedAt !== undefined;
  const took = (step.endedAt ?? now) - step.startedAt;
  return (
    <li>
      <button
        type="button"
        className="step"
        aria-expanded={open}
        aria-controls={detail}
        onClick={() => setOpen(!open)}
      >
        <span className="name">
          <span className={`tone-${toneOf(step.state)}`}><StepIcon step={step} /></span>
          <span className="ellipsis" title={step.name}>{step.name}</span>
          <span className="visually-hidden">{wordOf(step.state)}</span>
        </span>
        <span className="track" aria-hidden="true">
          {barsOf(step, now).map((bar) => <Bar key={`${bar.from}-${bar.look}`} bar={bar} from={from} />)}
        </span>
        <span className="took">{over || step.kind === "run" ? duration(took) : wordOf(step.state)}</span>
      </button>
      {open && <Detail id={detail} step={step} now={now} />}
    </li>
  );
});

function StepIcon({ step }: { step: StepProgress }) {
  if (step.state === "FAILED" || step.state === "CANCELED") return <Cross />;
  if (step.state === "BACKING_OFF") return <Again />;
  if (step.kind === "sleep") return <Moon />;
  if (step.kind === "wait") return <Hourglass />;
  if (step.state === "SUCCEEDED") return <Check />;
  return step.state === "RUNNING" ? <Spinner /> : <Ring />;
}

interface BarSpan {
  from: number;
  to: number;
  look: Tone | "sleep" | "pause";
}

/** A bar for each attempt and a thin one for each pause between two; one bar for a sleep or a wait. */
function barsOf(step: StepProgress, now: number): BarSpan[] {
  if (step.kind !== "run") {
    return [{ from: step.startedAt, to: step.endedAt ?? now, look: "sleep" }];
  }
  return step.attempts.flatMap((attempt, at) => {
    const end = attempt.endedAt ?? step.endedAt ?? now;
    const unended = step.state === "CANCELED" ? "calm" : step.state === "FAILED" ? "bad" : "busy";
    const look = attempt.error ? "bad" : attempt.endedAt === undefined ? unended : "good";
    const next = step.attempts[at + 1]?.startedAt ?? (attempt.retryAt ? (step.endedAt ?? now) : undefined);
    const bar: BarSpan = { from: attempt.startedAt, to: end, look };
    return next && next > end ? [bar, { from: end, to: next, look: "pause" }] : [bar];
  });
}

/** In shares of the list's `--span`, the ms from its first moment to its last. */
function Bar({ bar, from }: { bar: BarSpan; from: number }) {
  const share = (ms: number) => `calc(${Math.max(0, ms)} * 100% / var(--span))`;
  return <span className={`bar ${bar.look}`} style={{ left: share(bar.from - from), width: share(bar.to - bar.from) }} />;
}

function Detail({ id, step, now }: { id: string; step: StepProgress; now: number }) {
  return (
    <div className="detail" id={id}>
      {step.kind !== "run" && step.until !== undefined && step.endedAt === undefined && (
        <p className="small soft">
          {step.kind === "sleep" ? "Wakes up" : "Waits at most until"} in {duration(step.until - now)}.
        </p>
      )}
      {(step.attempts.length > 1 || step.attempts[0]?.error) && (
        <ol className="attempts" aria-label="Attempts">
          {step.attempts.map(({ attempt, startedAt, endedAt, error }) => (
            <li key={attempt}>
              <span className="soft">Attempt {attempt}</span>
              {endedAt !== startedAt && (
                <span className="tabular">{duration((endedAt ?? now) - startedAt)}</span>
              )}
              {error && <span className="tone-bad">{error.message || error.type}</span>}
            </li>
          ))}
        </ol>
      )}
      {step.kind === "run" && step.state === "SUCCEEDED" && (
        <Json value={step.result ?? null} label={`Result of ${step.name}`} />
      )}
    </div>
  );
}
