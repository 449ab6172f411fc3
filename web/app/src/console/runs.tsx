import { useState } from "react";
import { Link } from "wouter";
import type { Problem } from "@stepcast/client";
import type { RunHead } from "@stepcast/client/http";
import { problemOf, useLoad } from "../hooks";
import { Complaint, Confirm, Empty, Json, LiveChip, Shown, Skeleton, StateChip } from "../parts/basics";
import { Filters } from "../parts/filters";
import { Steps } from "../parts/icons";
import { api, call } from "../session";
import { useRuns } from "../use-runs";
import { clockTime, fullTime, isOver, shortId, wordOf } from "../words";

const AT_ONCE = 4;

const ACTIONS = {
  Cancel: { does: api.cancel, fits: (run: RunHead) => !isOver(run.state), asks: true },
  Pause: {
    does: api.pause,
    fits: (run: RunHead) => !isOver(run.state) && run.state !== "PAUSED",
    asks: false,
  },
  Unpause: { does: api.unpause, fits: (run: RunHead) => run.state === "PAUSED", asks: false },
  Resume: {
    does: api.resume,
    fits: (run: RunHead) => run.state === "FAILED" || run.state === "CANCELED",
    asks: true,
  },
  Restart: {
    does: api.restart,
    fits: (run: RunHead) => run.state === "FAILED" || run.state === "CANCELED",
    asks: true,
  },
};
type Action = keyof typeof ACTIONS;

/** Runs by state, and what to do about those that are chosen. */
export function Runs() {
  const [workflow, setWorkflow] = useState("");
  const [state, setState] = useState("FAILED");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [asked, setAsked] = useState<Action>();
  const [outcome, setOutcome] = useState<{ done: number; problems: Problem[] }>();
  const { workflows, runs, look, loadMore, live } = useRuns(workflow, state);
  const marked = runs.filter((run) => chosen.has(run.workflowRunId));

  const choose = (name: "workflow" | "state", value: string) => {
    (name === "workflow" ? setWorkflow : setState)(value);
    setChosen(new Set());
  };
  const toggle = (id: string, on: boolean) =>
    setChosen((before) => {
      const after = new Set(before);
      if (on) after.add(id);
      else after.delete(id);
      return after;
    });
  async function act(action: Action) {
    setAsked(undefined);
    const { does, fits } = ACTIONS[action];
    const left = marked.filter(fits);
    const result = { done: 0, problems: [] as Problem[] };
    const work = async () => {
      for (let run = left.pop(); run; run = left.pop()) {
        const id = run.workflowRunId;
        await call<unknown>(() => does(id)).then(
          () => result.done++,
          (fault) => result.problems.push(problemOf(fault)),
        );
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    setOutcome(result);
    setChosen(new Set());
    look.reload();
  }

  return (
    <section className="stack" aria-labelledby="console-runs">
      <div className="row">
        <h2 id="console-runs">Runs</h2>
        {live && <LiveChip {...live} />}
      </div>
      <Filters workflows={workflows} workflow={workflow} state={state} choose={choose} />
      {outcome && <Outcome {...outcome} />}
      <Shown look={look} rows={6}>
        {() => runs.length === 0 ? (
          <Empty icon={<Steps />} title={state === "FAILED" ? "No run has failed" : "No run fits"} />
        ) : (
          <div className="card flush">
            <div className="row bar-of-actions">
              <label className="row">
                <input
                  type="checkbox"
                  checked={marked.length === runs.length}
                  onChange={(event) => setChosen(new Set(event.target.checked ? runs.map((run) => run.workflowRunId) : []))}
                />
                {marked.length ? `${marked.length} of ${runs.length} chosen` : `Choose all ${runs.length}`}
              </label>
              {marked.length > 0 &&
                (Object.keys(ACTIONS) as Action[]).map((action) => {
                  const count = marked.filter(ACTIONS[action].fits).length;
                  if (!count) return null;
                  const onClick = () => (ACTIONS[action].asks ? setAsked(action) : void act(action));
                  return (
                    <button key={action} type="button" className="button slim" onClick={onClick}>
                      {action} {count}
                    </button>
                  );
                })}
            </div>
            <ul aria-label="Runs">
              {runs.map((run) => (
                <Run key={run.workflowRunId} run={run} on={chosen.has(run.workflowRunId)} toggle={toggle} />
              ))}
            </ul>
          </div>
        )}
      </Shown>
      {loadMore && (
        <p className="row">
          <button type="button" className="button" onClick={() => void loadMore()}>Show more</button>
        </p>
      )}
      <Confirm
        open={asked !== undefined}
        title={`${asked} ${asked ? marked.filter(ACTIONS[asked].fits).length : 0} runs?`}
        yes={`${asked} them`}
        onYes={() => asked && void act(asked)}
        onNo={() => setAsked(undefined)}
      >
        <p>
          {asked === "Cancel"
            ? "They end where they are; finished steps keep their results."
            : "Each becomes a new run; the old one stays as it is."}
        </p>
      </Confirm>
    </section>
  );
}

function Outcome({ done, problems }: { done: number; problems: Problem[] }) {
  return (
    <div className={`notice ${problems.length ? "bad" : ""}`} role="status">
      <p>
        {done} done{problems.length > 0 && `, ${problems.length} refused: ${problems[0]!.detail ?? problems[0]!.title}`}.
      </p>
    </div>
  );
}

function Run(props: { run: RunHead; on: boolean; toggle: (id: string, on: boolean) => void }) {
  const { run, on, toggle } = props;
  const [open, setOpen] = useState(false);
  const id = run.workflowRunId;
  return (
    <li className="console-run">
      <input
        type="checkbox"
        className="pick"
        aria-label={`Choose ${id}`}
        checked={on}
        onChange={(event) => toggle(id, event.target.checked)}
      />
      <span className="state"><StateChip state={run.state} /></span>
      <span className="what ellipsis">{run.workflow}</span>
      <Link href={`/runs/${id}`} className="id mono small ellipsis" title={id}>{shortId(id)}</Link>
      <span className="when small soft tabular" title={fullTime(run.createdAt)}>{clockTime(run.createdAt)}</span>
      <button
        type="button"
        className="ask button slim quiet"
        aria-expanded={open}
        aria-label={`Why? ${wordOf(run.state)}: ${id}`}
        onClick={() => setOpen(!open)}
      >
        Why?
      </button>
      {open && <Why id={id} state={run.state} />}
    </li>
  );
}

function Why({ id, state }: { id: string; state: string }) {
  const why = useLoad(`why ${id} ${state}`, () => api.why(id));
  if (why.problem) return <div className="why"><Complaint problem={why.problem} /></div>;
  if (!why.data) return <div className="why"><Skeleton rows={1} /></div>;
  const { workflowRunId: _, state: __, why: sentence, ...facts } = why.data;
  const { error } = facts;
  return (
    <div className="why stack">
      {error ? (
        <p className="tone-bad">
          <strong>{error.step ? `${error.step} failed` : "The run failed"}</strong>: {error.message || error.type}
        </p>
      ) : (
        <p>{sentence}</p>
      )}
      {Object.keys(facts).length > 0 && <Json value={facts} label={`Why ${id} stands where it stands`} />}
    </div>
  );
}
