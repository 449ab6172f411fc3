import { createContext, useContext, useEffect, useRef, useState, type ReactNode } from "react";
import type { Problem } from "@stepcast/client";
import type { RunState } from "@stepcast/client/http";
import type { RealtimeState } from "@stepcast/client/react";
import { serverTime, useNow, type Look } from "../hooks";
import { clockTime, toneOf, wordOf } from "../words";
import { Check, Link as LinkIcon, Warning } from "./icons";

export function StateChip({ state }: { state: RunState }) {
  return (
    <span className={`chip ${toneOf(state)}`}>
      <span className="dot" aria-hidden="true" />
      {wordOf(state)}
    </span>
  );
}

/** Whether what is shown is kept up to date, and why not. */
export function LiveChip({ status, problem }: Pick<RealtimeState, "status" | "problem">) {
  if (status === "connected") {
    return (
      <span className="chip good">
        <span className="dot live" aria-hidden="true" />
        Live
      </span>
    );
  }
  if (status === "error") {
    return <span className="chip bad" title={problem?.detail ?? problem?.title}>Not live</span>;
  }
  return (
    <span className="chip" role="status">
      <span className="dot live" aria-hidden="true" />
      {status === "connecting" ? "Connecting…" : "Reconnecting…"}
    </span>
  );
}

/** A no of the server, in its own words, with a way on where there is one. */
export function Complaint({ problem, retry, since }: { problem: Problem; retry?: () => void; since?: number }) {
  return (
    <div className="notice bad" role="alert">
      <Warning />
      <div>
        <strong>{problem.title}</strong>
        {problem.detail && problem.detail !== problem.title && <p>{problem.detail}</p>}
        {since !== undefined && <p>What is below was so at {clockTime(since)}.</p>}
        {retry && (
          <div className="row">
            <button type="button" className="button slim" onClick={retry}>Try again</button>
          </div>
        )}
      </div>
    </div>
  );
}

const Old = createContext(false);

/** Whether what is shown here is of before, since the server could not be asked. */
export function useOld(): boolean {
  return useContext(Old);
}

/** The server's time, second by second; it stands still where what is shown is old. */
export function useServerNow(active = true): number {
  return serverTime(useNow(active && !useOld(), 1_000));
}

/** What was asked for; or what it was before, grey and dated, below why it could not be had now. */
export function Shown<T>(props: { look: Look<T>; rows: number; children: (data: T) => ReactNode }) {
  const { data, at, problem, reload } = props.look;
  const old = problem !== undefined;
  return (
    <Old value={old}>
      {problem && <Complaint problem={problem} retry={reload} since={data && at} />}
      {!data && !problem && <Skeleton rows={props.rows} />}
      {data !== undefined && <div className={old ? "stack old" : "stack"}>{props.children(data)}</div>}
    </Old>
  );
}

/** Says what is not here, and why. `page`: there is nothing else on the page. */
export function Empty(props: { icon: ReactNode; title: string; page?: boolean; children?: ReactNode }) {
  const { icon, title, page, children } = props;
  return (
    <div className="empty">
      {icon}
      {page ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children}
    </div>
  );
}

export function Skeleton({ rows = 3 }: { rows?: number }) {
  return (
    <div className="stack" role="status">
      <span className="visually-hidden">Loading</span>
      {Array.from({ length: rows }, (_, row) => <div key={row} className="skeleton" />)}
    </div>
  );
}

export function CopyLink({ path, label = "Copy link" }: { path: string; label?: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const address = location.origin + path;
  const copy = () =>
    navigator.clipboard?.writeText(address).then(
      () => setCopied(true),
      () => prompt("Copy this link", address),
    ) ?? prompt("Copy this link", address);
  return (
    <button type="button" className="button slim" onClick={copy}>
      {copied ? <Check /> : <LinkIcon />}
      <span aria-live="polite">{copied ? "Copied" : label}</span>
    </button>
  );
}

/** JSON, indented, its keys told apart from its values. */
export function Json({ value, label }: { value: unknown; label: string }) {
  const text = JSON.stringify(value, null, 2) ?? "nothing";
  const parts = text.split(/^(\s*"(?:[^"\\]|\\.)*")(?=:)/m);
  return (
    <pre className="json" tabIndex={0} role="group" aria-label={label}>
      {parts.map((part, at) => (at % 2 ? <span key={at} className="key">{part}</span> : part))}
    </pre>
  );
}

/** Asks before something that cannot be taken back. */
export function Confirm(props: {
  open: boolean;
  title: string;
  yes: string;
  children: ReactNode;
  onYes: () => void;
  onNo: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (props.open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [props.open]);
  return (
    <dialog ref={dialog} onClose={props.onNo} aria-labelledby="confirm-title">
      <h2 id="confirm-title">{props.title}</h2>
      {props.children}
      <div className="row">
        <button type="button" className="button" onClick={props.onNo}>Keep it</button>
        <button type="button" className="button danger" onClick={props.onYes}>{props.yes}</button>
      </div>
    </dialog>
  );
}
