import { memo, useId, useLayoutEffect, useRef, useState } from "react";
import type { StepProgress } from "@stepcast/client/react";
import { duration, toneOf, wordOf, type Tone } from "../words";
import { Json } from "./basics";
import { Again, Check, Cross, Hourglass, Moon, Ring, Spinner } from "./icons";

interface StepRowProps {
  step: StepProgress;
  from: number;
  /** For a step that has not ended. */
  now?: number;
  open: boolean;
  /** Whether it is seen to come, where it was not there before. */
  arrives: boolean;
  toggle: (index: number) => void;
  /** Its place in a list of which only some rows are there; absent where all are. */
  at?: number;
  /** How many rows that list has; -1 while nobody knows. */
  of?: number;
  /** What hangs below the rows before it, px. */
  extra?: number;
  /** Is told how high what hangs below it is. */
  measured: (index: number, px: number) => void;
}

/** One step: its name, its bars, how long it took, and on a click what came of it. */
export const StepRow = memo(function StepRow(props: StepRowProps) {
  const { step, from, now = 0, open, at, of, extra = 0, toggle } = props;
  const detail = useId();
  const [arrives] = useState(props.arrives);
  const over = step.endedAt !== undefined;
  const took = (step.endedAt ?? now) - step.startedAt;
  return (
    <div
      role="listitem"
      className={arrives ? "step-item arrives" : "step-item"}
      data-index={step.index}
      aria-posinset={at === undefined ? undefined : at + 1}
      aria-setsize={of}
      style={at === undefined ? undefined : { top: `calc(${at} * var(--row) + ${extra}px)` }}
    >
      <button
        type="button"
        className="step"
        aria-expanded={open}
        aria-controls={detail}
        onClick={() => toggle(step.index)}
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
      {open && <Detail id={detail} step={step} now={now} measured={props.measured} />}
    </div>
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

function Detail({ id, step, now, measured }: Pick<StepRowProps, "step" | "measured"> & { id: string; now: number }) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const measure = () => measured(step.index, box.current?.offsetHeight ?? 0);
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(box.current!);
    return () => watch.disconnect();
  }, [step.index, measured]);
  return (
    <div className="detail" id={id} ref={box}>
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
