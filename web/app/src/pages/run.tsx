import { useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import type { Problem } from "@stepcast/client";
import type { RunState, RunView } from "@stepcast/client/http";
import { useWorkflowRun, type RunProgress } from "@stepcast/client/react";
import { problemOf, useLook } from "../hooks";
import { Complaint, CopyLink, Empty, Json, LiveChip, Skeleton } from "../parts/basics";
import { Steps } from "../parts/icons";
import { RunCard } from "../parts/run-card";
import { progressOf } from "../progress";
import { api, call } from "../session";
import { fullTime, isOver } from "../words";

/** One run, at an address that can be shared. */
export function RunPage({ id }: { id: string }) {
  const [ended, setEnded] = useState(false);
  const { data: view, problem, reload } = useLook(id, () => api.run(id), !ended);
  const live = useWorkflowRun(view ? id : null);
  const over = isOver(live.state);
  useEffect(() => setEnded(over || (view !== undefined && isOver(view.state))), [over, view]);
  // What the events leave out (a long result, a beginning no longer kept) the run itself has.
  useEffect(() => {
    if (over) reload();
  }, [over, reload]);

  if (problem && !view) {
    return problem.status === 404 ? <NoRun id={id} /> : <Complaint problem={problem} retry={reload} />;
  }
  if (!view) return <Skeleton rows={6} />;
  const behind = live.state === "QUEUED" || live.incomplete || live.steps.length < view.steps.length;
  const kept = behind ? { ...live, ...progressOf(view) } : live;
  const run = { ...kept, state: standing(kept, view) };
  return (
    <>
      <title>{`${view.workflow} · Stepcast`}</title>
      <div className="heading">
        <div>
          <p className="small soft"><Link href="/runs">Runs</Link> /</p>
          <h1>{view.workflow}</h1>
          <p className="mono soft">{id}</p>
        </div>
        <div className="row">
          {!isOver(run.state) && <LiveChip status={live.status} problem={live.problem} />}
          <CopyLink path={`/runs/${id}`} />
          <Actions id={id} run={run} onChanged={reload} />
        </div>
      </div>
      <div className="stack">
        <RunCard id={id} run={run} plain />
        <section className="card stack" aria-label="About this run">
          <dl className="facts">
            <div><dt>Created</dt><dd>{fullTime(view.createdAt)}</dd></div>
            {view.dueAt && !isOver(run.state) && <div><dt>Due</dt><dd>{fullTime(view.dueAt)}</dd></div>}
            {view.endedAt && <div><dt>Ended</dt><dd>{fullTime(view.endedAt)}</dd></div>}
            <div><dt>Version</dt><dd className="mono">{view.version}</dd></div>
            <div><dt>Runs in</dt><dd>{view.executor === "java" ? "workflow-service" : "an HTTP endpoint"}</dd></div>
            {view.labels.length > 0 && <div><dt>Labels</dt><dd>{view.labels.join(", ")}</dd></div>}
            {view.resumedFrom && <Origin how="Resumed from" id={view.resumedFrom} />}
            {view.restartedFrom && <Origin how="Restarted from" id={view.restartedFrom} />}
          </dl>
          <div className="field">
            <h2 className="small soft">Payload</h2>
            <Json value={view.payload} label="Payload" />
          </div>
        </section>
      </div>
    </>
  );
}

/** That a run waits for its time, for a slot, or is paused, no event tells. */
function standing({ state, steps }: RunProgress, view: RunView): RunState {
  const untold = view.state === "QUEUED" || view.state === "PAUSED" || view.state === "BLOCKED_BY_FLOW";
  return untold && !isOver(state) && steps.length <= view.steps.length ? view.state : state;
}

function Origin({ how, id }: { how: string; id: string }) {
  return (
    <div>
      <dt>{how}</dt>
      <dd><Link href={`/runs/${id}`} className="mono">{id}</Link></dd>
    </div>
  );
}

function Actions({ id, run, onChanged }: { id: string; run: RunProgress; onChanged: () => void }) {
  const [, navigate] = useLocation();
  const [problem, setProblem] = useState<Problem>();
  const act = async (what: () => Promise<{ workflowRunId: string }>) => {
    try {
      const { workflowRunId } = await call(what);
      if (workflowRunId === id) onChanged();
      else navigate(`/runs/${workflowRunId}`);
    } catch (fault) {
      setProblem(problemOf(fault));
    }
  };
  const button = (label: string, what: () => Promise<{ workflowRunId: string }>) => (
    <button type="button" className="button slim" onClick={() => void act(what)}>{label}</button>
  );
  return (
    <>
      {!isOver(run.state) && button("Cancel", () => api.cancel(id))}
      {(run.state === "FAILED" || run.state === "CANCELED") && (
        <>
          {button("Resume", () => api.resume(id))}
          {button("Restart", () => api.restart(id))}
        </>
      )}
      {problem && <span className="complaint" role="alert">{problem.detail ?? problem.title}</span>}
    </>
  );
}

function NoRun({ id }: { id: string }) {
  return (
    <Empty icon={<Steps />} title="There is no such run" page>
      <title>No such run · Stepcast</title>
      <p>
        <span className="mono">{id}</span> was never here, or it ended long enough ago to be forgotten.
      </p>
      <Link href="/runs" className="button">All runs</Link>
    </Empty>
  );
}
