import type { NodeReport } from "@stepcast/client/http";
import { useLook } from "../hooks";
import { Shown, useOld, useServerNow } from "../parts/basics";
import { api } from "../session";
import { duration, shortId } from "../words";

/** The processes of this deployment, each with what it carries right now. */
export function Nodes() {
  const look = useLook("nodes", () => api.nodes());
  return (
    <section className="stack" aria-labelledby="nodes">
      <h2 id="nodes">Nodes</h2>
      <Shown look={look} rows={2}>
        {({ nodes }) => (
          <>
            <Totals nodes={nodes} />
            <div className="card flush cards" tabIndex={0} role="group" aria-labelledby="nodes">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Node</th>
                    <th scope="col">Services</th>
                    <th scope="col">Address</th>
                    <th scope="col">Up for</th>
                    <th scope="col">Carries</th>
                  </tr>
                </thead>
                <tbody>
                  {nodes.map((node) => <Node key={node.node} node={node} />)}
                </tbody>
              </table>
            </div>
          </>
        )}
      </Shown>
    </section>
  );
}

const TOLD = [
  ["runs", "Runs in progress"],
  ["connections", "Live connections"],
  ["channels", "Channels listened to"],
] as const;

function Totals({ nodes }: { nodes: NodeReport[] }) {
  const sum = (what: string) => nodes.reduce((all, { load }) => all + (load?.[what] ?? 0), 0);
  const silent = nodes.filter((node) => node.silent).length;
  return (
    <dl className="totals">
      <div className="card">
        <dt>Nodes</dt>
        <dd>{nodes.length - silent}{silent > 0 && <span className="chip bad">{silent} silent</span>}</dd>
      </div>
      {TOLD.map(([what, words]) => (
        <div key={what} className="card">
          <dt>{words}</dt>
          <dd>{sum(what).toLocaleString()}</dd>
        </div>
      ))}
    </dl>
  );
}

/** 4 connections, 1 run, 0 of 512 calls */
function carried({ calls = 0, callsMax, ...load }: Record<string, number | undefined>): string {
  const parts = Object.entries(load).map(([what, count]) => `${count} ${count === 1 ? what.replace(/s$/, "") : what}`);
  if (callsMax) parts.push(`${calls} of ${callsMax} calls`);
  return parts.join(", ") || "nothing";
}

function Node({ node }: { node: NodeReport }) {
  const now = useServerNow();
  const state = useOld() ? ["", "Not known"] : node.silent ? ["bad", "Silent"] : node.draining ? ["wait", "Leaving"] : ["good", "Live"];
  return (
    <tr>
      <th scope="row">
        <span className={`chip ${state[0]}`}><span className="dot" aria-hidden="true" />{state[1]}</span>{" "}
        <span className="mono" title={node.node}>{shortId(node.node)}</span>
      </th>
      <td data-label="Services">{node.services?.join(", ") ?? "unknown"}</td>
      <td className="mono" data-label="Address">{node.host ? `${node.host}:${node.port}` : "unknown"}</td>
      <td className="tabular" data-label="Up for">{node.startedAt ? duration(now - node.startedAt) : ""}</td>
      <td className="tabular" data-label="Carries">{carried(node.load ?? {})}</td>
    </tr>
  );
}
