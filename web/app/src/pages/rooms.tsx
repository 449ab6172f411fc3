import { useState, type FormEvent } from "react";
import { useLocation } from "wouter";
import type { Problem } from "@stepcast/client";
import { problemOf } from "../hooks";
import { Complaint } from "../parts/basics";
import { canSeal, newKey } from "../seal";
import { api, call } from "../session";

const MINUTE_MS = 60_000;
const LIVES = [
  ["5 minutes", 5 * MINUTE_MS],
  ["10 minutes", 10 * MINUTE_MS],
  ["1 hour", 60 * MINUTE_MS],
  ["24 hours", 24 * 60 * MINUTE_MS],
] as const;

/** Opens a room: how long it lives, how many fit in. */
export function RoomsPage() {
  const [, navigate] = useLocation();
  const [ttlMs, setTtlMs] = useState<number>(10 * MINUTE_MS);
  const [seats, setSeats] = useState(2);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();

  async function create(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      const form = new FormData(event.currentTarget);
      const said = (name: string) => String(form.get(name) ?? "").trim() || undefined;
      const encrypted = form.has("encrypted");
      const wish = { ttlMs, seats, name: said("name"), passcode: said("passcode"), encrypted };
      const { roomId } = await call(() => api.createRoom(wish));
      // What stands behind the # never leaves the browser.
      navigate(`/rooms/${roomId}${encrypted ? `#k=${newKey()}` : ""}`);
    } catch (fault) {
      setProblem(problemOf(fault));
      setBusy(false);
    }
  }

  return (
    <div className="narrow stack">
      <title>Rooms · Stepcast</title>
      <div>
        <h1>A room that forgets</h1>
        <p className="lede">
          Create a room, send its link to somebody, talk. When its time is up, or when one of you destroys
          it, every message is gone for good.
        </p>
      </div>
      <form className="card stack" onSubmit={create}>
        <fieldset className="choices-field">
          <legend className="label">It lives for</legend>
          <div className="choices">
            {LIVES.map(([word, ms]) => (
              <label key={ms}>
                <input
                  type="radio"
                  name="ttl"
                  className="visually-hidden"
                  checked={ttlMs === ms}
                  onChange={() => setTtlMs(ms)}
                />
                <span>{word}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <div className="field">
          <label htmlFor="seats">Seats</label>
          <select id="seats" className="input" value={seats} onChange={(e) => setSeats(Number(e.target.value))}>
            {[2, 3, 4, 6, 8].map((n) => <option key={n} value={n}>{n} people</option>)}
          </select>
        </div>
        <label className="row">
          <input type="checkbox" name="encrypted" disabled={!canSeal} defaultChecked={canSeal} />
          <span>
            Encrypt end to end
            {!canSeal && <span className="small soft"> (browsers do that only over https)</span>}
          </span>
        </label>
        <details>
          <summary className="small">More</summary>
          <div className="stack more">
            <div className="field">
              <label htmlFor="name">Name of the room</label>
              <input id="name" name="name" className="input" maxLength={100} autoComplete="off" />
            </div>
            <div className="field">
              <label htmlFor="room-passcode">Passcode</label>
              <input id="room-passcode" name="passcode" className="input" maxLength={100} autoComplete="off" aria-describedby="passcode-hint" />
              <span id="passcode-hint" className="small soft">
                Whoever has the link needs it too. Send it another way.
              </span>
            </div>
          </div>
        </details>
        {problem && <Complaint problem={problem} />}
        <button className="button main wide" disabled={busy}>Create room</button>
      </form>
      <p className="small soft">
        With encryption the server sees who writes when, never what; the key is in the link. Nothing stops
        somebody from taking a picture of their screen.
      </p>
    </div>
  );
}
