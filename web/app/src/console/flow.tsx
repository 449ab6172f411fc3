import { useState } from "react";
import { Link } from "wouter";
import type { FlowKeyList } from "@stepcast/client/http";
import { useLook } from "../hooks";
import { Shown } from "../parts/basics";
import { api } from "../session";
import { shortId } from "../words";

const SHOWN = 20;
const PAGE = 50;

type Standing = FlowKeyList["keys"][number];

/** Which flow keys are in use, who runs under them, and who waits. */
export function Flow() {
  const [after, setAfter] = useState<string[]>([]);
  const cursor = after.at(-1);
  const look = useLook(`flow keys ${cursor}`, () => api.flowKeys({ cursor, limit: PAGE }));
  const next = look.data?.cursor;
  return (
    <section className="stack" aria-labelledby="flow">
      <h2 id="flow">Flow keys</h2>
      <Shown look={look} rows={2}>
        {({ keys }) => keys.length === 0 ? <None /> : (
          <ul className="card flush" aria-labelledby="flow">
            {keys.map((standing) => <FlowKey key={standing.key} standing={standing} />)}
          </ul>
        )}
      </Shown>
      {(cursor || next) && (
        <p className="row">
          {cursor && <button type="button" className="button" onClick={() => setAfter([])}>From the beginning</button>}
          {next && <button type="button" className="button" onClick={() => setAfter([...after, next])}>More keys</button>}
        </p>
      )}
    </section>
  );
}

function None() {
  return (
    <p className="card soft">
      No run holds a key or waits for one. Runs share limits by the <span className="mono">flowControl.key</span> that
      they are triggered with.
    </p>
  );
}

function FlowKey({ standing }: { standing: Standing }) {
  const [open, setOpen] = useState(false);
  const { key, activeCount, queuedCount } = standing;
  return (
    <li className="flow-key">
      <h3 className="mono ellipsis" title={key}>{key}</h3>
      <span className="row">
        <span className="chip good">{activeCount.toLocaleString()} running</span>
        {queuedCount > 0 && <span className="chip wait">{queuedCount.toLocaleString()} waiting</span>}
      </span>
      <button
        type="button"
        className="button slim quiet"
        aria-expanded={open}
        aria-label={`Who? ${key}`}
        onClick={() => setOpen(!open)}
      >
        Who?
      </button>
      {open && <Holders name={key} />}
    </li>
  );
}

function Holders({ name }: { name: string }) {
  const look = useLook(`flow ${name}`, () => api.flow(name));
  return (
    <div className="holders">
      <Shown look={look} rows={1}>
        {({ active, activeCount, queued, queuedCount }) => (
          <>
            {activeCount + queuedCount === 0 && <p className="soft small">Nothing holds it or waits for it.</p>}
            <Ids words="Running" ids={active} count={activeCount} />
            <Ids words="Waiting" ids={queued} count={queuedCount} />
          </>
        )}
      </Shown>
    </div>
  );
}

function Ids({ words, ids, count }: { words: string; ids: string[]; count: number }) {
  if (!ids.length) return null;
  const shown = ids.slice(0, SHOWN);
  return (
    <div className="row small">
      <span className="soft">{words}</span>
      {shown.map((id) => (
        <Link key={id} href={`/runs/${id}`} className="mono" title={id}>{shortId(id)}</Link>
      ))}
      {count > shown.length && <span className="soft">and {(count - shown.length).toLocaleString()} more</span>}
    </div>
  );
}
