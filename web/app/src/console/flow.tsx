import { useState } from "react";
import { Link } from "wouter";
import type { FlowKeyList } from "@stepcast/client/http";
import { useLook } from "../hooks";
import { Complaint, Skeleton } from "../parts/basics";
import { api } from "../session";
import { shortId } from "../words";

const SHOWN = 20;
const PAGE = 50;

type Standing = FlowKeyList["keys"][number];

/** Which flow keys are in use, who runs under them, and who waits. */
export function Flow() {
  const [after, setAfter] = useState<string[]>([]);
  const cursor = after.at(-1);
  const { data, problem, reload } = useLook(`flow keys ${cursor}`, () => api.flowKeys({ cursor, limit: PAGE }));
  const next = data?.cursor;
  return (
    <section className="stack" aria-labelledby="flow">
      <h2 id="flow">Flow keys</h2>
      {problem && <Complaint problem={problem} retry={reload} />}
      {!data && !problem && <Skeleton rows={2} />}
      {data?.keys.length === 0 && (
        <p className="card soft">
          No run holds a key or waits for one. Runs share limits by the <span className="mono">flowControl.key</span> that
          they are triggered with.
        </p>
      )}
      {data && data.keys.length > 0 && (
        <ul className="card flush" aria-labelledby="flow">
          {data.keys.map((standing) => <FlowKey key={standing.key} standing={standing} />)}
        </ul>
      )}
      {(cursor || next) && (
        <p className="row">
          {cursor && <button type="button" className="button" onClick={() => setAfter([])}>From the beginning</button>}
          {next && <button type="button" className="button" onClick={() => setAfter([...after, next])}>More keys</button>}
        </p>
      )}
    </section>
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
  const { data, problem, reload } = useLook(`flow ${name}`, () => api.flow(name));
  return (
    <div className="holders stack">
      {problem && <Complaint problem={problem} retry={reload} />}
      {!data && !problem && <Skeleton rows={1} />}
      {data && data.activeCount + data.queuedCount === 0 && (
        <p className="soft small">Nothing holds it or waits for it.</p>
      )}
      {data && <Ids words="Running" ids={data.active} count={data.activeCount} />}
      {data && <Ids words="Waiting" ids={data.queued} count={data.queuedCount} />}
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
