import { useId, useState } from "react";
import type { RunProgress, StepProgress } from "@stepcast/client/react";
import { duration, toneOf, wordOf, type Tone } from "../words";
import { Json } from "./basics";
import { Again, Check, Cross, Hourglass, Moon, Ring, Spinner } from "./icons";

interface Axis {
  from: number;
  to: number;
}

/** The steps of a run, one below the other, on one axis of time that grows while it runs. */
export function Timeline({ run, now }: { run: RunProgress; now: number }) {
  const from = Math.min(run.startedAt ?? Infinity, ...run.steps.map((step) => step.startedAt));
  const last = Math.max(...run.steps.map((step) => step.endedAt ?? step.startedAt));
  const to = Math.max(run.endedAt ?? now, last, from + (run.endedAt ? 10 : 200));
  return (
    <ol className="steps" aria-label="Steps">
      {run.steps.map((step) => (
        <Step key={step.index} step={step} axis={{ from, to }} now={run.endedAt ?? now} />
      ))}
    </ol>
  );
}

function Step({ step, axis, now }: { step: StepProgress; axis: Axis; now: number }) {
  const [open, setOpen] = useState(false);
  const detail = useId();
  const over = step.endedAt !== undefined;
  const took = (step.endedAt ?? now) - step.startedAt;
  return (
    <li className="arrives">
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
          {barsOf(step, now).map((bar) => <Bar key={`${bar.from}-${bar.look}`} bar={bar} axis={axis} />)}
        </span>
        <span className="took">{over || step.kind === "run" ? duration(took) : wordOf(step.state)}</span>
      </button>
      {open && <Detail id={detail} step={step} now={now} />}
    </li>
  );
}

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

function Bar({ bar, axis }: { bar: BarSpan; axis: Axis }) {
  const share = (at: number) => `${((at - axis.from) / (axis.to - axis.from)) * 100}%`;
  const width = share(axis.from + Math.max(0, bar.to - bar.from));
  return <span className={`bar ${bar.look}`} style={{ left: share(bar.from), width }} />;
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
