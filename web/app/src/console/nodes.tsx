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
            <div className="card flush" tabIndex={0} role="group" aria-labelledby="nodes">
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

function Node({ node }: { node: NodeReport }) {
  const now = useServerNow();
  const state = useOld() ? ["", "Not known"] : node.silent ? ["bad", "Silent"] : node.draining ? ["wait", "Leaving"] : ["good", "Live"];
  const load = Object.entries(node.load ?? {}).map(([what, count]) => `${count} ${what}`);
  return (
    <tr>
      <th scope="row">
        <span className={`chip ${state[0]}`}><span className="dot" aria-hidden="true" />{state[1]}</span>{" "}
        <span className="mono" title={node.node}>{shortId(node.node)}</span>
      </th>
      <td>{node.services?.join(", ") ?? "unknown"}</td>
      <td className="mono">{node.host ? `${node.host}:${node.port}` : "unknown"}</td>
      <td className="tabular">{node.startedAt ? duration(now - node.startedAt) : ""}</td>
      <td className="tabular">{load.join(", ") || "nothing"}</td>
    </tr>
  );
}
