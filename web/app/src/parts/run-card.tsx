import { useEffect, type ReactNode } from "react";
import { Link } from "wouter";
import type { RunProgress } from "@stepcast/client/react";
import { serverTime, useNow, observeServerTime } from "../hooks";
import { clockTime, duration, isOver, shortId, toneOf } from "../words";
import { Json, LiveChip, Skeleton, StateChip } from "./basics";
import { Timeline } from "./timeline";
import type { RealtimeState } from "@stepcast/client/react";

/** One run: how it stands, its steps as they come, and what became of it. */
export function RunCard(props: {
  id: string;
  run: RunProgress & Pick<RealtimeState, "status" | "problem">;
  title?: string;
  actions?: ReactNode;
  plain?: boolean;
}) {
  const { id, run } = props;
  const over = isOver(run.state);
  const now = serverTime(useNow(!over && run.steps.length > 0));
  const latest = run.endedAt ?? run.steps.at(-1)?.endedAt ?? run.steps.at(-1)?.startedAt;
  useEffect(() => {
    if (latest) observeServerTime(latest);
  }, [latest]);
  const started = run.startedAt ?? run.steps[0]?.startedAt;

  return (
    <article className="card run arrives" aria-label={`Run ${id}`}>
      <header>
        {!props.plain && <h3 className="ellipsis">{run.workflow ?? props.title ?? "Run"}</h3>}
        <span role="status"><StateChip state={run.state} /></span>
        {!over && run.status !== "connected" && <LiveChip status={run.status} problem={run.problem} />}
        {!props.plain && <Link href={`/runs/${id}`} className="mono small" title={id}>{shortId(id)}</Link>}
        <span className="push row">
          {started !== undefined && (
            <span className="soft small tabular" title={`Started ${clockTime(started)}`}>
              {duration((run.endedAt ?? now) - started)}
            </span>
          )}
          {props.actions}
        </span>
      </header>
      <div className={`meter ${over ? toneOf(run.state) : ""}`} aria-hidden="true">
        <span style={{ transform: `scaleX(${run.progress})` }} />
      </div>
      {run.steps.length > 0 && <Timeline run={run} now={now} />}
      {run.steps.length === 0 && !over && (
        <div className="outcome soft">{props.plain ? <p>No step has begun yet.</p> : <Skeleton rows={2} />}</div>
      )}
      {run.incomplete && (
        <div className="outcome soft small">The beginning of this run is no longer kept.</div>
      )}
      {over && <Outcome run={run} />}
    </article>
  );
}

function Outcome({ run }: { run: RunProgress }) {
  if (run.state === "SUCCEEDED") {
    return (
      <div className="outcome">
        <h4 className="small soft">Result</h4>
        <Json value={run.result ?? null} label="Result of the run" />
      </div>
    );
  }
  if (run.state === "FAILED") {
    return (
      <div className="outcome">
        <p className="tone-bad">
          <strong>{run.error?.step ? `${run.error.step} failed` : "The run failed"}</strong>
          {run.error?.message && `: ${run.error.message}`}
        </p>
      </div>
    );
  }
  return <div className="outcome soft">Canceled. Steps that had finished keep their results.</div>;
}
