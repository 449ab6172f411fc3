/** What the page or the machine around us does: going offline and online, to sleep and awake. */

export function isOffline(): boolean {
  return globalThis.navigator?.onLine === false;
}

/** Calls `changed` on each of it, until the answer is called. Where there is no page, nothing happens. */
export function watch(changed: (event: Event) => void): () => void {
  const each = (change: "addEventListener" | "removeEventListener") => {
    globalThis[change]?.("online", changed);
    globalThis[change]?.("offline", changed);
    globalThis.document?.[change]("visibilitychange", changed);
  };
  each("addEventListener");
  return () => each("removeEventListener");
}
