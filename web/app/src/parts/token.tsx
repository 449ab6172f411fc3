import { useEffect, useRef, useState, useSyncExternalStore, type FormEvent } from "react";
import { enter, tokenWish } from "../session";

/** Asks for the API token when the API does. */
export function TokenDialog() {
  const wish = useSyncExternalStore(tokenWish.subscribe, tokenWish.get);
  const dialog = useRef<HTMLDialogElement>(null);
  const [refused, setRefused] = useState(false);
  useEffect(() => {
    if (wish) dialog.current?.showModal();
    else dialog.current?.close();
  }, [wish]);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const token = String(new FormData(form).get("token")).trim();
    if (token) setRefused(!(await enter(token)));
    form.reset();
  }

  return (
    <dialog ref={dialog} onCancel={(event) => event.preventDefault()} aria-labelledby="token-title">
      <form onSubmit={submit}>
        <h2 id="token-title">This Stepcast asks for its API token</h2>
        <p>It is kept until this tab is closed, and sent to this server only.</p>
        <div className="field">
          <label htmlFor="token">API token</label>
          <input
            id="token"
            name="token"
            type="password"
            className="input"
            autoComplete="off"
            aria-invalid={refused || wish?.refused || undefined}
          />
          {(refused || wish?.refused) && (
            <span className="complaint" role="alert">The server does not know this token.</span>
          )}
        </div>
        <div className="row">
          <button className="button main">Continue</button>
        </div>
      </form>
    </dialog>
  );
}
