import { memo, useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type WheelEvent } from "react";
import type { RunProgress, StepProgress } from "@stepcast/client/react";
import { calm } from "../hooks";
import { axisTo, blocksOf } from "../timescale";
import { duration, isOver, toneOf, wordOf, type Tone } from "../words";
import { Json } from "./basics";
import { Again, Check, Cross, Hourglass, Moon, Ring, Spinner } from "./icons";

const LONG = 30;
const FIRST_ROWS = 16;
const ROWS_A_FRAME = 20;
/** While more come in every frame: the eye does not follow more. */
const ROWS_IN_A_FLOOD = 4;
const FOLLOW_MS = 500;

/**
 * The steps of a run, one below the other, on one axis of time that grows while it runs. However
 * many come, a frame draws a few rows: rows are only ever added, what does not run is not drawn
 * again, and a long list scrolls in itself, where what is out of sight costs next to nothing.
 */
export function Timeline({ run, now }: { run: RunProgress; now: number }) {
  const { steps } = run;
  const at = run.endedAt ?? now;
  const { from, to } = axisTo(run, now);
  const drawn = useGradually(steps.length);
  const list = useRef<HTMLDivElement>(null);
  const long = steps.length > LONG;
  const follow = useFollow(list, long && !isOver(run.state));
  const blocks = blocksOf(steps.slice(0, drawn));
  useLayoutEffect(() => list.current?.style.setProperty("--span", String(to - from)), [from, to]);
  return (
    <>
      <div role="list" className={long ? "steps long" : "steps fresh"} aria-label="Steps" ref={list} {...follow.ears}>
        {blocks.map(([key, block], n) => {
          const runs = block.some(({ endedAt }) => endedAt === undefined);
          const last = n === blocks.length - 1;
          return <Block key={key} steps={block} from={from} last={last} now={runs ? at : undefined} />;
        })}
      </div>
      {long && (
        <p className="row list-foot small soft">
          <span className="tabular">{steps.length.toLocaleString()} steps</span>
          {!isOver(run.state) && (
            <button
              type="button"
              className="button slim quiet push"
              aria-pressed={follow.on}
              onClick={() => follow.set(!follow.on)}
            >
              Follow the latest
            </button>
          )}
        </p>
      )}
    </>
  );
}

/** Goes towards `count` a few at a time, so that no single frame draws very many. */
function useGradually(count: number): number {
  const [drawn, setDrawn] = useState(FIRST_ROWS);
  const before = useRef(count);
  useEffect(() => {
    const more = count === before.current ? ROWS_A_FRAME : ROWS_IN_A_FLOOD;
    before.current = count;
    if (drawn >= count) return;
    const frame = requestAnimationFrame(() => setDrawn(drawn + more));
    return () => cancelAnimationFrame(frame);
  }, [drawn, count]);
  return Math.min(drawn, count);
}

/**
 * Keeps the end of a list in sight while it grows, until somebody scrolls up in it or goes to one of
 * its rows; from the beginning not for those who want less motion. Where the list stands says nothing
 * about who moved it: it also moves when what was out of sight turns out to be shorter.
 */
function useFollow(list: { current: HTMLElement | null }, grows: boolean) {
  const [on, set] = useState(() => !calm());
  useEffect(() => {
    if (!on || !grows) return;
    const keep = () => {
      if (list.current) list.current.scrollTop = list.current.scrollHeight;
    };
    keep();
    // In a frame of its own it is the one layout of that frame, else a second one.
    const timer = setInterval(() => requestAnimationFrame(keep), FOLLOW_MS);
    return () => clearInterval(timer);
  }, [on, grows, list]);
  const stop = () => set(false);
  const ears = {
    onFocus: stop,
    onPointerDown: stop,
    onTouchMove: stop,
    onWheel: (event: WheelEvent) => event.deltaY < 0 && stop(),
    onKeyDown: (event: KeyboardEvent) => /Up|Home/.test(event.key) && stop(),
  };
  return { on, set, ears };
}

interface BlockProps {
  steps: StepProgress[];
  from: number;
  /** It grows, so nothing can be said about its height. */
  last: boolean;
  /** Absent where every step has ended. */
  now?: number;
}

const Block = memo(
  ({ steps, from, last, now }: BlockProps) => (
    <div className={last ? "block" : "block whole"} role="presentation">
      {steps.map((step) => (
        <Step key={step.index} step={step} from={from} now={step.endedAt === undefined ? now : undefined} />
      ))}
    </div>
  ),
  (before, after) =>
    before.from === after.from &&
    before.now === after.now &&
    before.last === after.last &&
    before.steps.length === after.steps.length &&
    before.steps.every((step, n) => step === after.steps[n]),
);

/** `now`: for a step that has not ended. */
const Step = memo(function Step({ step, from, now = 0 }: { step: StepProgress; from: number; now?: number }) {
  const [open, setOpen] = useState(false);
  const detail = useId();
  const over = step.endedAt !== undefined;
  const took = (step.endedAt ?? now) - step.startedAt;
  return (
    <div role="listitem" className="step-item">
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
