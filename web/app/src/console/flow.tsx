import { useState, type FormEvent } from "react";
import { Link } from "wouter";
import { useLook, useTabState } from "../hooks";
import { Complaint, Skeleton } from "../parts/basics";
import { api } from "../session";
import { shortId } from "../words";

const SHOWN = 20;
const REMEMBERED = 6;

/** How a flow key stands: who runs under it, and who waits. */
export function Flow() {
  const [keys, setKeys] = useTabState<string[]>("stepcast-flow-keys", []);
  const [draft, setDraft] = useState("");
  function look(event: FormEvent) {
    event.preventDefault();
    const key = draft.trim();
    if (!key) return;
    setKeys((all) => [key, ...all.filter((other) => other !== key)].slice(0, REMEMBERED));
    setDraft("");
  }
  return (
    <section className="stack" aria-labelledby="flow">
      <h2 id="flow">Flow keys</h2>
      <form className="row" onSubmit={look}>
        <div className="field grows">
          <label htmlFor="flow-key">Key</label>
          <input
            id="flow-key"
            className="input"
            value={draft}
            autoComplete="off"
            placeholder="What runs were triggered with as flowControl.key"
            onChange={(event) => setDraft(event.target.value)}
          />
        </div>
        <button className="button low" disabled={!draft.trim()}>Watch it</button>
      </form>
      {keys.map((key) => (
        <FlowKey key={key} name={key} forget={() => setKeys((all) => all.filter((one) => one !== key))} />
      ))}
    </section>
  );
}

function FlowKey({ name, forget }: { name: string; forget: () => void }) {
  const { data, problem, reload } = useLook(`flow ${name}`, () => api.flow(name));
  return (
    <div className="card stack" role="group" aria-label={`Flow key ${name}`}>
      <div className="row">
        <h3 className="mono ellipsis">{name}</h3>
        {data && <span className="chip good">{data.active.length} running</span>}
        {data && data.queued.length > 0 && <span className="chip wait">{data.queued.length} waiting</span>}
        <button type="button" className="button slim quiet push" onClick={forget}>Stop watching</button>
      </div>
      {problem && <Complaint problem={problem} retry={reload} />}
      {!data && !problem && <Skeleton rows={1} />}
      {data && data.active.length + data.queued.length === 0 && <p className="soft small">Nothing holds it or waits for it.</p>}
      {data && <Ids words="Running" ids={data.active} />}
      {data && <Ids words="Waiting" ids={data.queued} />}
    </div>
  );
}

function Ids({ words, ids }: { words: string; ids: string[] }) {
  if (!ids.length) return null;
  return (
    <div className="row small">
      <span className="soft">{words}</span>
      {ids.slice(0, SHOWN).map((id) => (
        <Link key={id} href={`/runs/${id}`} className="mono" title={id}>{shortId(id)}</Link>
      ))}
      {ids.length > SHOWN && <span className="soft">and {ids.length - SHOWN} more</span>}
    </div>
  );
}
