const LATEST_MS = 100;

/**
 * Collects what comes and hands it over once for each frame, so that a page is drawn no more often
 * than it is seen; where nobody looks, and where there is no page, ten times a second.
 */
export function perFrame<T>(take: (items: T[]) => void): (item: T) => void {
  let waiting: T[] = [];
  let latest: ReturnType<typeof setTimeout>;
  const hand = () => {
    clearTimeout(latest);
    const items = waiting;
    waiting = [];
    if (items.length) take(items);
  };
  return (item) => {
    if (waiting.push(item) > 1) return;
    globalThis.requestAnimationFrame?.(hand);
    latest = setTimeout(hand, LATEST_MS);
  };
}
