import { useId } from "react";
import { runStates, wordOf } from "../words";

/** Which runs to show: of one workflow, in one state. */
export function Filters(props: {
  workflows: string[];
  workflow: string;
  state: string;
  choose: (name: "workflow" | "state", value: string) => void;
}) {
  const { workflows, workflow, state, choose } = props;
  const id = useId();
  return (
    <div className="filters">
      <div className="field">
        <label htmlFor={`${id}-workflow`}>Workflow</label>
        <select
          id={`${id}-workflow`}
          className="input"
          value={workflow}
          onChange={(event) => choose("workflow", event.target.value)}
        >
          <option value="">All</option>
          {workflows.map((name) => <option key={name}>{name}</option>)}
        </select>
      </div>
      <div className="field">
        <label htmlFor={`${id}-state`}>State</label>
        <select
          id={`${id}-state`}
          className="input"
          value={state}
          onChange={(event) => choose("state", event.target.value)}
        >
          <option value="">All</option>
          {runStates.map((one) => <option key={one} value={one}>{wordOf(one)}</option>)}
        </select>
      </div>
    </div>
  );
}
