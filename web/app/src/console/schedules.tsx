import { useState } from "react";
import { Link } from "wouter";
import type { Problem } from "@stepcast/client";
import type { ScheduleView } from "@stepcast/client/http";
import { problemOf, useLook } from "../hooks";
import { Complaint, Confirm, Shown, useServerNow } from "../parts/basics";
import { api, call } from "../session";
import { duration, fullTime, shortId } from "../words";

/** What starts by the clock: when next, and what came of the last time. */
export function Schedules() {
  const look = useLook("schedules", () => api.schedules({ limit: 200 }));
  const { reload } = look;
  const [refused, setRefused] = useState<Problem>();
  const [doomed, setDoomed] = useState<string>();
  const act = (what: () => Promise<unknown>) =>
    void call(what).then(
      () => (setRefused(undefined), reload()),
      (fault) => setRefused(problemOf(fault)),
    );
  return (
    <section className="stack" aria-labelledby="schedules">
      <h2 id="schedules">Schedules</h2>
      {refused && <Complaint problem={refused} />}
      <Shown look={look} rows={2}>
        {({ schedules }) => schedules.length === 0 ? <None /> : (
          <div className="card flush cards" tabIndex={0} role="group" aria-labelledby="schedules">
            <table>
              <thead>
                <tr>
                  <th scope="col">Schedule</th>
                  <th scope="col">Starts</th>
                  <th scope="col">When</th>
                  <th scope="col">Next</th>
                  <th scope="col">Last</th>
                  <th scope="col">Fired</th>
                  <th scope="col"><span className="visually-hidden">Actions</span></th>
                </tr>
              </thead>
              <tbody>
                {schedules.map((schedule) => (
                  <Schedule key={schedule.scheduleId} schedule={schedule} act={act} remove={setDoomed} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Shown>
      <Confirm
        open={doomed !== undefined}
        title="Delete this schedule?"
        yes="Delete it"
        onYes={() => (act(() => api.removeSchedule(doomed!)), setDoomed(undefined))}
        onNo={() => setDoomed(undefined)}
      >
        <p><span className="mono">{doomed}</span> starts nothing more. What it started goes on.</p>
      </Confirm>
    </section>
  );
}

function None() {
  return (
    <p className="card soft">
      Nothing is scheduled. <span className="mono">POST /api/schedules</span> starts runs by the clock.
    </p>
  );
}

function Schedule(props: {
  schedule: ScheduleView;
  act: (what: () => Promise<unknown>) => void;
  remove: (id: string) => void;
}) {
  const { schedule, act, remove } = props;
  const { scheduleId: id, cron, zone, paused, nextAt, lastAt, lastRunId, fired, skipped } = schedule;
  const now = useServerNow(!paused);
  return (
    <tr>
      <th scope="row" className="mono">{id}</th>
      <td data-label="Starts">{schedule.workflow ?? <span className="mono">{schedule.url}</span>}</td>
      <td data-label="When"><span><span className="mono">{cron}</span> <span className="soft small">{zone}</span></span></td>
      <td className="tabular" data-label="Next">
        {paused && <span className="chip">Paused</span>}
        {!paused && !nextAt && <span className="soft">never again</span>}
        {!paused && nextAt && (
          <span title={fullTime(nextAt)}>{nextAt - now < 1_000 ? "now" : `in ${duration(nextAt - now)}`}</span>
        )}
      </td>
      <td className="tabular" data-label="Last">
        {!lastAt && <span className="soft">not yet</span>}
        {lastAt && <span title={fullTime(lastAt)}>{duration(Math.max(0, now - lastAt))} ago</span>}{" "}
        {lastRunId?.startsWith("wfr_") && (
          <Link href={`/runs/${lastRunId}`} className="mono small" title={lastRunId}>{shortId(lastRunId)}</Link>
        )}
      </td>
      <td className="tabular" data-label="Fired">{fired}{skipped > 0 && <span className="soft small"> ({skipped} skipped)</span>}</td>
      <td className="acts">
        <span className="row tight">
          <button
            type="button"
            className="button slim"
            onClick={() => act(() => (paused ? api.unpauseSchedule(id) : api.pauseSchedule(id)))}
          >
            {paused ? "Unpause" : "Pause"}<span className="visually-hidden"> {id}</span>
          </button>
          <button type="button" className="button slim" onClick={() => remove(id)}>
            Delete<span className="visually-hidden"> {id}</span>
          </button>
        </span>
      </td>
    </tr>
  );
}
