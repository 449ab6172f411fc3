import { useEffect, useRef, useState } from "react";
import type { StepcastEvents } from "@stepcast/client";
import type { RunHead, RunState } from "@stepcast/client/http";
import { useRealtime } from "@stepcast/client/react";
import { useReconnect, useLoad } from "./hooks";
import { api, call } from "./session";
import { isOver } from "./words";

const SETTLE_MS = 400;

/** The runs that fit, newest first, page by page; the list keeps itself up to date. */
export function useRuns(workflow: string, state: string) {
  const filter = { workflow: workflow || undefined, state: (state || undefined) as RunState | undefined };
  const key = `runs ${workflow} ${state}`;
  const catalog = useLoad("workflows", () => api.workflows());
  const list = useLoad(key, () => api.runs(filter));
  const [more, setMore] = useState<{ of?: string; runs: RunHead[]; cursor?: string }>({ runs: [] });
  const [moved, setMoved] = useState<Record<string, RunState>>({});
  const later = useRef<ReturnType<typeof setTimeout>>(undefined);

  const workflows = (catalog.data?.workflows ?? []).map(({ name }) => name);
  const watched = workflow ? [workflow] : workflows;
  const live = useRealtime<StepcastEvents, "workflow.listChanged">({
    channels: watched.map((name) => `workflow:${name}`),
    events: ["workflow.listChanged"],
    onData({ data }) {
      const now = Object.fromEntries(data.runs.map((run) => [run.workflowRunId, run.state]));
      setMoved((all) => ({ ...all, ...now }));
      // What is new, or fits the filter only now, is in the list once it is asked for again.
      clearTimeout(later.current);
      later.current = setTimeout(list.reload, SETTLE_MS);
    },
    onGap: list.reload,
  });
  // What was loaded before may be older than the first event that came after.
  useReconnect(live.status, list.reload);
  useEffect(() => () => clearTimeout(later.current), []);

  const first = list.data?.runs ?? [];
  const known = new Set(first.map(({ workflowRunId }) => workflowRunId));
  const rest = more.of === key ? more.runs.filter((run) => !known.has(run.workflowRunId)) : [];
  const runs = [...first, ...rest].map((run) => {
    const change = moved[run.workflowRunId];
    return change && !isOver(run.state) ? { ...run, state: change } : run;
  });
  const cursor = rest.length ? more.cursor : list.data?.cursor;
  const loadMore = async () => {
    const page = await call(() => api.runs({ ...filter, cursor }));
    setMore({ of: key, runs: [...rest, ...page.runs], cursor: page.cursor });
  };
  return {
    workflows,
    runs,
    look: list,
    loadMore: cursor ? loadMore : undefined,
    live: watched.length > 0 ? live : undefined,
  };
}
