import { useEffect, useRef, useState } from "react";
import { Link, useSearchParams } from "wouter";
import type { StepcastEvents } from "@stepcast/client";
import type { RunHead, RunState } from "@stepcast/client/http";
import { useRealtime } from "@stepcast/client/react";
import { serverTime, useLoad, useNow } from "../hooks";
import { Complaint, Empty, LiveChip, Skeleton, StateChip } from "../parts/basics";
import { Steps } from "../parts/icons";
import { api, call } from "../session";
import { clockTime, duration, fullTime, isOver, runStates, shortId, wordOf } from "../words";

/** All runs that are kept, newest first; the list keeps itself up to date. */
export function RunsPage() {
  const [search, setSearch] = useSearchParams();
  const workflow = search.get("workflow") ?? "";
  const state = search.get("state") ?? "";
  const filter = { workflow: workflow || undefined, state: (state || undefined) as RunState | undefined };
  const catalog = useLoad("workflows", () => api.workflows());
  const key = `runs ${workflow} ${state}`;
  const list = useLoad(key, () => api.runs(filter));
  const [more, setMore] = useState<{ of?: string; runs: RunHead[]; cursor?: string }>({ runs: [] });
  const [moved, setMoved] = useState<Record<string, { state: RunState; at: number }>>({});
  const later = useRef<ReturnType<typeof setTimeout>>(undefined);

  const names = workflow ? [workflow] : (catalog.data?.workflows ?? []).map(({ name }) => name);
  const { status, problem } = useRealtime<StepcastEvents>({
    channels: names.map((name) => `workflow:${name}`),
    events: ["workflow.listChanged"],
    onData({ data }) {
      if (!("runs" in data)) return;
      setMoved((all) => {
        const now = Object.fromEntries(data.runs.map((run) => [run.workflowRunId, run]));
        return { ...all, ...now };
      });
      // What is new, or fits the filter only now, is in the list once it is asked for again.
      clearTimeout(later.current);
      later.current = setTimeout(list.reload, 400);
    },
  });
  useEffect(() => () => clearTimeout(later.current), []);

  const choose = (name: string, value: string) =>
    setSearch((before) => {
      const after = new URLSearchParams(before);
      if (value) after.set(name, value);
      else after.delete(name);
      return after;
    });

  const first = list.data?.runs ?? [];
  const known = new Set(first.map(({ workflowRunId }) => workflowRunId));
  const rest = more.of === key ? more.runs.filter((run) => !known.has(run.workflowRunId)) : [];
  const runs = [...first, ...rest].map((run) => {
    const change = moved[run.workflowRunId];
    return change && !isOver(run.state) ? { ...run, state: change.state } : run;
  });
  const cursor = rest.length ? more.cursor : list.data?.cursor;
  const loadMore = async () => {
    const page = await call(() => api.runs({ ...filter, cursor }));
    setMore({ of: key, runs: [...rest, ...page.runs], cursor: page.cursor });
  };

  return (
    <>
      <title>Runs · Stepcast</title>
      <div className="heading">
        <h1>Runs</h1>
        {names.length > 0 && <LiveChip status={status} problem={problem} />}
      </div>
      <div className="filters">
        <div className="field">
          <label htmlFor="by-workflow">Workflow</label>
          <select id="by-workflow" className="input" value={workflow} onChange={(e) => choose("workflow", e.target.value)}>
            <option value="">All</option>
            {(catalog.data?.workflows ?? []).map(({ name }) => <option key={name}>{name}</option>)}
          </select>
        </div>
        <div className="field">
          <label htmlFor="by-state">State</label>
          <select id="by-state" className="input" value={state} onChange={(e) => choose("state", e.target.value)}>
            <option value="">All</option>
            {runStates.map((one) => <option key={one} value={one}>{wordOf(one)}</option>)}
          </select>
        </div>
      </div>
      {list.problem && <Complaint problem={list.problem} retry={list.reload} />}
      {!list.data && !list.problem && <Skeleton rows={8} />}
      {list.data && runs.length === 0 && (
        <Empty icon={<Steps />} title={workflow || state ? "No run fits" : "No run yet"}>
          <p>{workflow || state ? "Try another workflow or state." : "Start one, and it appears here by itself."}</p>
          {!workflow && !state && <Link href="/" className="button main">Start a run</Link>}
        </Empty>
      )}
      {runs.length > 0 && (
        <ul className="card listing" aria-label="Runs">
          {runs.map((run) => <Row key={run.workflowRunId} run={run} />)}
        </ul>
      )}
      {cursor && (
        <p className="row">
          <button type="button" className="button" onClick={() => void loadMore()}>Show more</button>
        </p>
      )}
    </>
  );
}

function Row({ run }: { run: RunHead }) {
  const over = isOver(run.state);
  const now = serverTime(useNow(!over, 1000));
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
