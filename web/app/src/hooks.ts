import { useCallback, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import { perFrame, ProblemError, type Problem, type Status } from "@stepcast/client";
import { call, onAnswered } from "./session";

/** What came of a request, and of the one before where this one failed. */
export interface Look<T> {
  data?: T;
  /** When `data` came. */
  at: number;
  problem?: Problem;
  reload: () => void;
}

type Loaded<T> = Omit<Look<T>, "reload"> & { key: string };

/**
 * Loads when mounted and when `key` changes; keeps what it has while it loads anew. What failed is
 * asked for again as soon as anything else is answered.
 */
export function useLoad<T>(key: string, load: () => Promise<T>): Look<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ key, at: 0 });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let current = true;
    call(load).then(
      (data) => current && setLoaded({ key, data, at: Date.now() }),
      (fault) => {
        if (!current) return;
        const problem = problemOf(fault);
        setLoaded((before) => ({ ...(before.key === key ? before : { key, at: 0 }), problem }));
      },
    );
    return () => {
      current = false;
    };
    // `load` is a new function on every render; `key` says when it is another one.
  }, [key, round]);
  const reload = useCallback(() => setRound((n) => n + 1), []);
  const { data, at, problem }: Loaded<T> = loaded.key === key ? loaded : { key, at: 0 };
  const failed = problem !== undefined;
  useEffect(() => (failed ? onAnswered(reload) : undefined), [failed, reload]);
  return { data, at, problem, reload };
}

const LOOK_MS = 5_000;

/** The same, and looks again every few seconds while anybody can see it, as long as it is `active`. */
export function useLook<T>(key: string, load: () => Promise<T>, active = true): Look<T> {
  const loaded = useLoad(key, load);
  const { reload } = loaded;
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => document.hidden || reload(), LOOK_MS);
    return () => clearInterval(timer);
  }, [reload, active]);
  return loaded;
}

/** Calls `back` when live events come again after they did not, or come for the first time. */
export function useReconnect(status: Status["status"] | undefined, back: () => void): void {
  const latest = useRef(back);
  latest.current = back;
  useEffect(() => {
    if (status === "connected") latest.current();
  }, [status]);
}

/** The last `most` of what is added, and how many there were; drawn once for each frame. */
export function useBatch<T>(most: number) {
  const [shown, setShown] = useState<{ items: T[]; count: number }>({ items: [], count: 0 });
  const [add] = useState(() =>
    perFrame((more: T[]) =>
      setShown(({ items, count }) => ({
        items: [...items, ...more].slice(-most),
        count: count + more.length,
      })),
    ),
  );
  return [shown, add] as const;
}

/** The latest value: at once where the one before is old enough, else when it is, and the newest then. */
export function usePaced<T>(value: T, everyMs: number): T {
  const [shown, show] = useState({ value, at: -Infinity });
  useLayoutEffect(() => {
    if (shown.value === value) return;
    const paced = () => show({ value, at: performance.now() });
    const wait = shown.at + everyMs - performance.now();
    if (wait <= 0) return paced();
    const timer = setTimeout(paced, wait);
    return () => clearTimeout(timer);
  }, [value, everyMs, shown]);
  return shown.value;
}

export function problemOf(fault: unknown): Problem {
  if (fault instanceof ProblemError) return fault.problem;
  return { kind: "page", title: "Something went wrong on this page.", status: 0, detail: String(fault) };
}

/** The time, again and again while `active`. Seldom for those who want less motion. */
export function useNow(active: boolean, everyMs = 100): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => setNow(Date.now()), calm() ? Math.max(everyMs, 1000) : everyMs);
    return () => clearInterval(timer);
  }, [active, everyMs]);
  return now;
}

/** Whether whoever looks wants less motion. */
export function calm(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

export function useOnline(): boolean {
  return useSyncExternalStore(
    (changed) => {
      addEventListener("online", changed);
      addEventListener("offline", changed);
      return () => {
        removeEventListener("online", changed);
        removeEventListener("offline", changed);
      };
    },
    () => navigator.onLine,
  );
}

/** State that outlives a reload of the tab. */
export function useTabState<T>(key: string, initial: T): [T, (change: (old: T) => T) => void] {
  const [value, setValue] = useState<T>(() => {
    try {
      return JSON.parse(sessionStorage.getItem(key) ?? "") as T;
    } catch {
      return initial;
    }
  });
  useEffect(() => sessionStorage.setItem(key, JSON.stringify(value)), [key, value]);
  return [value, setValue];
}

/**
 * How far the server's clock is ahead of ours, from answers and events that have just come: none of
 * them is from the future.
 */
let skewMs = 0;

export function observeServerTime(at: number, askedAt?: number): void {
  const now = Date.now();
  if (askedAt !== undefined && (at < askedAt + skewMs || at > now + skewMs)) skewMs = at - now;
  else if (at > now + skewMs) skewMs = at - now;
}

export function serverTime(now: number): number {
  return now + skewMs;
}
