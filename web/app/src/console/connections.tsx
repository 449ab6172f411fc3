import { useState, type FormEvent } from "react";
import type { Problem } from "@stepcast/client";
import type { ConnectionView } from "@stepcast/client/http";
import { problemOf, useLook } from "../hooks";
import { Complaint, Shown, useServerNow } from "../parts/basics";
import { api, call } from "../session";
import { duration, shortId } from "../words";

const SHOWN = 50;

/** Who listens right now, on all nodes; each can be closed, and all of a subject's. */
export function Connections() {
  const look = useLook("connections", () => api.connections({ limit: SHOWN }));
  const { reload } = look;
  const [closed, setClosed] = useState<number>();
  const [refused, setRefused] = useState<Problem>();
  const act = (what: () => Promise<{ closed: number }>) =>
    call(what).then(
      (answer) => (setClosed(answer.closed), setRefused(undefined), reload()),
      (fault) => (setClosed(undefined), setRefused(problemOf(fault))),
    );
  function closeAll(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const subject = String(new FormData(form).get("subject")).trim();
    if (subject) void act(() => api.closeConnections(subject)).then(() => form.reset());
  }
  return (
    <section className="stack" aria-labelledby="connections">
      <h2 id="connections">Connections</h2>
      <Shown look={look} rows={2}>
        {({ connections }) => connections.length === 0 ? <p className="card soft">Nobody listens.</p> : (
          <div className="card flush tall cards" tabIndex={0} role="group" aria-labelledby="connections">
            <table>
              <thead>
                <tr>
                  <th scope="col">Connection</th>
                  <th scope="col">Of</th>
                  <th scope="col">Through</th>
                  <th scope="col">For</th>
                  <th scope="col">Channels</th>
                  <th scope="col">Waits for it</th>
                  <th scope="col"><span className="visually-hidden">Actions</span></th>
                </tr>
              </thead>
              <tbody>
                {connections.map((one) => (
                  <Connection key={one.id} one={one} close={() => void act(() => api.closeConnection(one.id))} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Shown>
      <form className="row" onSubmit={closeAll}>
        <div className="field grows">
          <label htmlFor="subject">Close the connections of</label>
          <input id="subject" name="subject" className="input" autoComplete="off" placeholder="The subject of a grant" />
        </div>
        <button className="button low">Close them</button>
      </form>
      {refused && <Complaint problem={refused} />}
      {closed !== undefined && (
        <div className="notice" role="status"><p>{closed} closed. Whoever still has a grant may come back.</p></div>
      )}
    </section>
  );
}

function Connection({ one, close }: { one: ConnectionView; close: () => void }) {
  const { id, node, subject, transport, sinceAt, channels, backlogBytes, lagging } = one;
  const now = useServerNow();
  return (
    <tr>
      <th scope="row" className="mono small" title={`${id} on ${node}`}>{shortId(id)}</th>
      <td data-label="Of">{subject ?? <span className="soft">nobody in particular</span>}</td>
      <td data-label="Through">{transport === "sse" ? "SSE" : "WebSocket"}</td>
      <td className="tabular" data-label="For">{duration(Math.max(0, now - sinceAt))}</td>
      <td className="tabular" data-label="Channels">{channels}</td>
      <td className="tabular" data-label="Waits for it">
        {backlogBytes.toLocaleString()} bytes {lagging && <span className="chip wait">Behind</span>}
      </td>
      <td className="acts">
        <button type="button" className="button slim" onClick={close}>
          Close<span className="visually-hidden"> {id}</span>
        </button>
      </td>
    </tr>
  );
}
