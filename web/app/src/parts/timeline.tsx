import { useMemo, useState } from "react";
import type { RunProgress, StepProgress } from "@stepcast/client/react";
import { calm, usePaced } from "../hooks";
import { isOver, wordOf } from "../words";
import { StepList } from "./step-list";

const LONG = 30;
/** How often a list that changes all the time is drawn: nobody reads faster. */
const PACE_MS = 100;
const LONG_PACE_MS = 250;

/**
 * The steps of a run, one below the other, on one axis of time that grows while it runs. A long list
 * scrolls in itself, and only what is in sight of it is there, and the row that has the focus.
 */
export function Timeline({ run, now }: { run: RunProgress; now: number }) {
  const { steps, state, startedAt, endedAt } = run;
  const over = isOver(state);
  const latest = useMemo(() => ({ steps, startedAt, endedAt, now }), [steps, startedAt, endedAt, now]);
  const shown = usePaced(latest, over ? 0 : steps.length > LONG ? LONG_PACE_MS : PACE_MS);
  const long = shown.steps.length > LONG;
  const [wish, setWish] = useState("");
  const found = useMemo(() => (long ? find(shown.steps, wish) : shown.steps), [shown.steps, wish, long]);
  const [follows, setFollows] = useState(() => !calm());
  return (
    <>
      <StepList
        steps={found}
        shown={shown}
        long={long}
        over={over}
        follows={follows}
        stopFollowing={() => setFollows(false)}
      />
      {long && found.length === 0 && <p className="nothing soft">No step is called so, or stands so.</p>}
      {long && (
        <div className="row list-foot small soft">
          <span className="tabular" role={wish ? "status" : undefined}>
            {wish && `${found.length.toLocaleString()} of `}
            {shown.steps.length.toLocaleString()} steps
          </span>
          <input
            type="search"
            className="input slim push"
            aria-label="Find steps"
            placeholder="Find a name or a state"
            value={wish}
            onChange={(event) => setWish(event.target.value)}
          />
          {!over && (
            <button
              type="button"
              className="button slim quiet"
              aria-pressed={follows}
              onClick={() => setFollows(!follows)}
            >
              Follow the latest
            </button>
          )}
        </div>
      )}
    </>
  );
}

function find(steps: StepProgress[], wish: string): StepProgress[] {
  const words = wish.toLowerCase().trim();
  if (!words) return steps;
  return steps.filter(({ name, state }) => `${name} ${wordOf(state)}`.toLowerCase().includes(words));
}
