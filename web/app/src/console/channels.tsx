import { useEffect, useState, type FormEvent } from "react";
import { connect, type Status } from "@stepcast/client";
import { useBatch } from "../hooks";
import { Json, LiveChip } from "../parts/basics";
import { api, call } from "../session";
import { clockTime } from "../words";

const KEPT = 100;
const BACK_MS = 600_000;
const HOUR_MS = 3_600_000;

interface Heard {
  id: string;
  event: string;
  data: unknown;
}

/** What is told on a channel, as it is told. */
export function Channels() {
  const [draft, setDraft] = useState("");
  const [name, setName] = useState("");
  const listen = (event: FormEvent) => {
    event.preventDefault();
    setName(draft.trim());
  };
  return (
    <section className="stack" aria-labelledby="channels">
      <h2 id="channels">Channels</h2>
      <form className="row" onSubmit={listen}>
        <div className="field grows">
          <label htmlFor="channel-name">Channel</label>
          <input
            id="channel-name"
            className="input"
            value={draft}
            autoComplete="off"
            placeholder="A run’s id, or any name"
            onChange={(event) => setDraft(event.target.value)}
          />
        </div>
        <button className="button low" disabled={!draft.trim() || draft.trim() === name}>Listen</button>
      </form>
      {name && <Channel key={name} name={name} stop={() => setName("")} />}
    </section>
  );
}

function Channel({ name, stop }: { name: string; stop: () => void }) {
  const [heard, add] = useBatch<Heard>(KEPT);
  const [status, setStatus] = useState<Status>({ status: "connecting" });
  useEffect(() => {
    // A connection of its own: the right to listen to this one channel, and to nothing else.
    const channels = { [name]: ["subscribe" as const] };
    const connection = connect<any>({
      grant: async () =>
        (await call(() => api.grant({ subject: "console", channels, ttlMs: HOUR_MS }))).grant,
    });
    connection.subscribe([name], { since: Date.now() - BACK_MS, onEvent: add, onStatus: setStatus });
    return () => connection.close();
  }, [name, add]);
  return (
    <div className="card flush">
      <div className="row bar-of-actions">
        <h3 className="mono ellipsis">{name}</h3>
        <LiveChip {...status} />
        <span className="soft tabular">{heard.count.toLocaleString()} {heard.count === 1 ? "event" : "events"}</span>
        <button type="button" className="button slim quiet push" onClick={stop}>Stop</button>
      </div>
      {heard.items.length === 0 && <p className="told soft">Nothing was told here in the last ten minutes.</p>}
      <ol className="events" aria-label={`Events of ${name}`} tabIndex={0}>
        {heard.items.toReversed().map(({ id, event, data }) => (
          <li key={id}>
            <span className="soft small tabular">{clockTime(Number(id.split("-")[0]))}</span>
            <strong className="small">{event}</strong>
            <Json value={data} label={`Data of ${event}`} />
          </li>
        ))}
      </ol>
    </div>
  );
}
