import { Channels } from "../console/channels";
import { Connections } from "../console/connections";
import { Flow } from "../console/flow";
import { Nodes } from "../console/nodes";
import { Runs } from "../console/runs";
import { Schedules } from "../console/schedules";

/** For who runs this Stepcast: what lives, what it carries, and what to do about it. */
export function ConsolePage() {
  return (
    <>
      <title>Console · Stepcast</title>
      <div className="heading"><h1>Console</h1></div>
      <div className="stack sections">
        <Nodes />
        <Runs />
        <Schedules />
        <Flow />
        <Channels />
        <Connections />
      </div>
    </>
  );
}
