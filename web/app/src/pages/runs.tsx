import { Link, useSearchParams } from "wouter";
import type { RunHead } from "@stepcast/client/http";
import { Empty, LiveChip, Shown, StateChip, useServerNow } from "../parts/basics";
import { Filters } from "../parts/filters";
import { Steps } from "../parts/icons";
import { useRuns } from "../use-runs";
import { clockTime, duration, fullTime, isOver, shortId } from "../words";

/** All runs that are kept, newest first; the list keeps itself up to date. */
export function RunsPage() {
  const [search, setSearch] = useSearchParams();
  const workflow = search.get("workflow") ?? "";
  const state = search.get("state") ?? "";
  const { workflows, runs, look, loadMore, live } = useRuns(workflow, state);
  const choose = (name: string, value: string) =>
    setSearch((before) => {
      const after = new URLSearchParams(before);
      if (value) after.set(name, value);
      else after.delete(name);
      return after;
    });

  return (
    <>
      <title>Runs · Stepcast</title>
      <div className="heading">
        <h1>Runs</h1>
        {live && <LiveChip {...live} />}
      </div>
      <Filters workflows={workflows} workflow={workflow} state={state} choose={choose} />
      <Shown look={look} rows={8}>
        {() => runs.length === 0 ? <None filtered={Boolean(workflow || state)} /> : (
          <ul className="card listing" aria-label="Runs">
            {runs.map((run) => <Row key={run.workflowRunId} run={run} />)}
          </ul>
        )}
      </Shown>
      {loadMore && (
        <p className="row">
          <button type="button" className="button" onClick={() => void loadMore()}>Show more</button>
        </p>
      )}
    </>
  );
}

function None({ filtered }: { filtered: boolean }) {
  return (
    <Empty icon={<Steps />} title={filtered ? "No run fits" : "No run yet"}>
      <p>{filtered ? "Try another workflow or state." : "Start one, and it appears here by itself."}</p>
      {!filtered && <Link href="/" className="button main">Start a run</Link>}
    </Empty>
  );
}

function Row({ run }: { run: RunHead }) {
  const over = isOver(run.state);
  const now = useServerNow(!over);
  return (
    <li>
      <Link href={`/runs/${run.workflowRunId}`}>
        <span className="state"><StateChip state={run.state} /></span>
        <span className="ellipsis">{run.workflow}</span>
        <span className="mono soft ellipsis id" title={run.workflowRunId}>{shortId(run.workflowRunId)}</span>
        <span className="small soft tabular when" title={fullTime(run.createdAt)}>{clockTime(run.createdAt)}</span>
        <span className="small soft tabular end">{duration((run.endedAt ?? now) - run.createdAt)}</span>
      </Link>
    </li>
  );
}
