import { useEffect, useId, useState, type FormEvent, type KeyboardEvent } from "react";
import type { Problem } from "@stepcast/client";
import type { WorkflowInfo } from "@stepcast/client/http";
import { useWorkflowRun } from "@stepcast/client/react";
import { observeServerTime, problemOf, useLoad, useTabState } from "../hooks";
import { Complaint, CopyLink, Empty, Skeleton } from "../parts/basics";
import { Cross, Steps } from "../parts/icons";
import { RunCard } from "../parts/run-card";
import { api, call } from "../session";
import { isOver } from "../words";

const SHOWN = 20;

interface Started {
  id: string;
  workflow: string;
}

/** Pick a workflow, give it a payload, trigger it, and watch. */
export function WorkflowPage() {
  const { data, problem, reload } = useLoad("workflows", () => api.workflows());
  const [runs, setRuns] = useTabState<Started[]>("stepcast-runs", []);
  const add = (run: Started) =>
    setRuns((all) => [run, ...all.filter(({ id }) => id !== run.id)].slice(0, SHOWN));
  const remove = (id: string) => setRuns((all) => all.filter((run) => run.id !== id));

  return (
    <>
      <title>Workflows · Stepcast</title>
      <div className="heading">
        <div>
          <h1>Run a workflow and watch it live</h1>
          <p className="lede">
            Each step is recorded before the next one begins. Close this tab, cut the network, restart the
            server: the run goes on, and so does what you see here.
          </p>
        </div>
      </div>
      <div className="two">
        <section className="card" aria-labelledby="start">
          <h2 id="start">Start a run</h2>
          {problem && !data && <Complaint problem={problem} retry={reload} />}
          {!problem && !data && <Skeleton rows={5} />}
          {data && data.workflows.length === 0 && (
            <p className="soft">No workflow has announced itself yet. Is a workflow-service running?</p>
          )}
          {data && data.workflows.length > 0 && <Trigger workflows={data.workflows} onStarted={add} />}
        </section>
        <section className="stack" aria-label="Runs started here" aria-live="off">
          {runs.length === 0 && (
            <Empty icon={<Steps />} title="Nothing has run here yet">
              <p>Press Trigger. Steps, sleeps and retries appear the moment they happen.</p>
            </Empty>
          )}
          {runs.map((run) => (
            <LiveRun key={run.id} run={run} onRemove={() => remove(run.id)} />
          ))}
        </section>
      </div>
    </>
  );
}

function LiveRun({ run, onRemove }: { run: Started; onRemove: () => void }) {
  const progress = useWorkflowRun(run.id);
  const [stopping, setStopping] = useState(false);
  const cancel = () => {
    setStopping(true);
    call(() => api.cancel(run.id)).catch(() => setStopping(false));
  };
  const over = isOver(progress.state);
  return (
    <RunCard
      id={run.id}
      run={progress}
      title={run.workflow}
      actions={
        <>
          <CopyLink path={`/runs/${run.id}`} />
          {!over && (
            <button type="button" className="button slim" disabled={stopping} onClick={cancel}>
              Cancel
            </button>
          )}
          {over && (
            <button type="button" className="button slim quiet" onClick={onRemove} aria-label="Remove from this page">
              <Cross />
            </button>
          )}
        </>
      }
    />
  );
}

function Trigger(props: { workflows: WorkflowInfo[]; onStarted: (run: Started) => void }) {
  const { workflows, onStarted } = props;
  const ids = useId();
  const [drafts, setDrafts] = useTabState<Record<string, string>>("stepcast-drafts", {});
  const [chosen, setChosen] = useTabState("stepcast-workflow", workflows[0]!.name);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const workflow = workflows.find(({ name }) => name === chosen) ?? workflows[0]!;
  const sample = JSON.stringify(workflow.samplePayload ?? {}, null, 2);
  const draft = drafts[workflow.name] ?? sample;
  const mistake = jsonMistake(draft);
  useEffect(() => setProblem(undefined), [workflow.name, draft]);

  async function trigger(event?: FormEvent) {
    event?.preventDefault();
    if (busy || mistake) return;
    setBusy(true);
    setProblem(undefined);
    const askedAt = Date.now();
    try {
      const request = { workflow: workflow.name, payload: JSON.parse(draft) as unknown };
      const { workflowRunId: id, createdAt } = await call(() => api.trigger(request));
      observeServerTime(createdAt, askedAt);
      onStarted({ id, workflow: workflow.name });
    } catch (fault) {
      setProblem(problemOf(fault));
    } finally {
      setBusy(false);
    }
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) void trigger();
  };
  const write = (text: string) => setDrafts((all) => ({ ...all, [workflow.name]: text }));

  return (
    <form className="stack" onSubmit={trigger}>
      <div className="field">
        <label htmlFor={`${ids}-workflow`}>Workflow</label>
        <select
          id={`${ids}-workflow`}
          className="input"
          value={workflow.name}
          onChange={(event) => setChosen(() => event.target.value)}
        >
          {workflows.map(({ name }) => <option key={name}>{name}</option>)}
        </select>
      </div>
      <div className="field">
        <label htmlFor={`${ids}-payload`}>Payload</label>
        <textarea
          id={`${ids}-payload`}
          className="input"
          rows={Math.min(14, Math.max(6, draft.split("\n").length))}
          spellCheck={false}
          autoCapitalize="off"
          value={draft}
          aria-invalid={Boolean(mistake) || undefined}
          aria-describedby={mistake ? `${ids}-mistake` : undefined}
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKeyDown}
        />
        {mistake && <span className="complaint" id={`${ids}-mistake`}>{mistake}</span>}
      </div>
      {problem && <Complaint problem={problem} />}
      <div className="row">
        <button className="button main" disabled={busy || Boolean(mistake)}>Trigger</button>
        {draft !== sample && (
          <button type="button" className="button quiet" onClick={() => write(sample)}>Back to the sample</button>
        )}
      </div>
    </form>
  );
}

function jsonMistake(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (fault) {
    return `This is not JSON yet: ${(fault as Error).message}`;
  }
}
