import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { FocusEvent, KeyboardEvent, RefObject, WheelEvent } from "react";
import type { RunProgress, StepProgress } from "@stepcast/client/react";
import { extraAbove, inSight, SPARE, type Rows } from "../rows";
import { axisTo } from "../timescale";
import { StepRow } from "./step-row";

const FEW = 4;

interface StepListProps {
  steps: StepProgress[];
  /** The run as far as it is shown. */
  shown: Pick<RunProgress, "steps" | "startedAt" | "endedAt"> & { now: number };
  /** It scrolls in itself, and only some of its rows are there. */
  long: boolean;
  over: boolean;
  /** Keeps its end in sight while it grows. */
  follows: boolean;
  /** Somebody scrolls up in it or goes to one of its rows. */
  stopFollowing: () => void;
}

/** Rows of steps; arrows, Home and End go from one to another, also to one that is not there yet. */
export function StepList({ steps, shown, long, over, follows, stopFollowing }: StepListProps) {
  const list = useRef<HTMLDivElement>(null);
  const { open, toggle, measured } = useOpen();
  const { from, to } = axisTo(shown, shown.now);
  const extras = useMemo(
    () => (open.size ? steps.flatMap(({ index }, at) => (open.has(index) ? [[at, open.get(index)!] as const] : [])) : []),
    [steps, open],
  );
  const [{ first, end }, look] = useSight(list, { count: steps.length, extras }, long, { follows, over });
  const { focused, ears } = useArrows(list, steps);
  useLayoutEffect(() => list.current?.style.setProperty("--span", String(to - from)), [from, to]);

  // A few are seen to arrive; many at once are just there.
  const before = useRef(0);
  const arrives = !long && steps.length - before.current <= FEW;
  useEffect(() => {
    before.current = steps.length;
  }, [steps.length]);

  const row = (at: number) => {
    const step = steps[at]!;
    const place = long && { at, of: over ? steps.length : -1, extra: extraAbove({ extras }, at) };
    const now = step.endedAt === undefined ? (shown.endedAt ?? shown.now) : undefined;
    const shared = { step, from, now, arrives, toggle, measured, ...place };
    return <StepRow key={step.index} open={open.has(step.index)} {...shared} />;
  };
  const there: number[] = [];
  for (let at = long ? first : 0; at < (long ? end : steps.length); at++) there.push(at);
  const apart = long ? steps.findIndex(({ index }) => index === focused) : -1;
  if (apart >= 0 && !there.includes(apart)) there[apart < first ? "unshift" : "push"](apart);
  return (
    <div
      role="list"
      className={long ? "steps long" : "steps"}
      hidden={steps.length === 0}
      aria-label="Steps"
      ref={list}
      onScroll={look}
      onPointerDown={stopFollowing}
      onTouchMove={stopFollowing}
      onWheel={(event: WheelEvent) => event.deltaY < 0 && stopFollowing()}
      onFocus={(event) => (stopFollowing(), ears.onFocus(event))}
      onBlur={ears.onBlur}
      onKeyDown={ears.onKeyDown}
    >
      <div
        role="presentation"
        style={long ? { height: `calc(${steps.length} * var(--row) + ${extraAbove({ extras }, steps.length)}px)` } : undefined}
      >
        {there.map(row)}
      </div>
    </div>
  );
}

/** Which steps show what came of them, and how high that is, px. */
function useOpen() {
  const [open, setOpen] = useState<ReadonlyMap<number, number>>(new Map());
  const toggle = useCallback(
    (index: number) =>
      setOpen((before) => {
        const after = new Map(before);
        if (!after.delete(index)) after.set(index, 0);
        return after;
      }),
    [],
  );
  const measured = useCallback(
    (index: number, px: number) =>
      setOpen((before) => (before.has(index) && before.get(index) !== px ? new Map(before).set(index, px) : before)),
    [],
  );
  return { open, toggle, measured };
}

/** The rows to draw of a list that scrolls, and what to call when it has scrolled. */
function useSight(
  list: RefObject<HTMLElement | null>,
  { count, extras }: Omit<Rows, "row">,
  active: boolean,
  { follows, over }: { follows: boolean; over: boolean },
) {
  const spare = follows && !over ? 0 : SPARE;
  const [sight, setSight] = useState({ top: 0, height: 600, row: 42 });
  const rows = { count, extras, row: sight.row };
  const latest = useRef({ ...rows, spare });
  latest.current = { ...rows, spare };
  const look = useCallback(() => {
    const { current: box } = list;
    const sizer = box?.firstElementChild as HTMLElement | null;
    const { current } = latest;
    if (!box || !sizer || !current.count) return;
    const row = (sizer.offsetHeight - extraAbove(current, current.count)) / current.count;
    const next = { top: box.scrollTop, height: box.clientHeight, row };
    setSight((old) => {
      const before = inSight({ ...current, row: old.row }, old.top, old.height, current.spare);
      const after = inSight({ ...current, row }, next.top, next.height, current.spare);
      return before.first === after.first && before.end === after.end ? old : next;
    });
  }, [list]);
  useLayoutEffect(() => {
    if (!active || !list.current) return;
    const watch = new ResizeObserver(look);
    watch.observe(list.current);
    return () => watch.disconnect();
  }, [active, list, look]);
  const followed = useRef(false);
  useLayoutEffect(() => {
    if (!active || !list.current) return;
    // Once more when it ends; a list that had ended before stands where it begins.
    if (follows && (!over || followed.current)) list.current.scrollTop = list.current.scrollHeight;
    followed.current = follows && !over;
    look();
  }, [follows, over, active, count, extras, list, look]);
  return [inSight(rows, sight.top, sight.height, spare), look] as const;
}

/** The step that has the focus, which stays there when it is out of sight. */
function useArrows(list: RefObject<HTMLElement | null>, steps: StepProgress[]) {
  const [focused, setFocused] = useState<number>();
  const goal = useRef<number>(undefined);
  useLayoutEffect(() => {
    if (goal.current === undefined) return;
    list.current?.querySelector<HTMLElement>(`[data-index="${goal.current}"] .step`)?.focus();
    goal.current = undefined;
  });
  const indexOf = (target: EventTarget) => {
    const item = (target as HTMLElement).closest<HTMLElement>("[data-index]");
    return item ? Number(item.dataset.index) : undefined;
  };
  const ears = {
    onFocus: ({ target }: FocusEvent) => setFocused(indexOf(target)),
    onBlur: () => setFocused(undefined),
    onKeyDown(event: KeyboardEvent) {
      const { target, key } = event;
      if (!(target as HTMLElement).matches(".step") || event.altKey || event.ctrlKey || event.metaKey) return;
      const at = steps.findIndex(({ index }) => index === indexOf(target));
      const ways: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: steps.length - 1 };
      const next = steps[ways[key] ?? -1];
      if (!next) return;
      event.preventDefault();
      goal.current = next.index;
      setFocused(next.index);
    },
  };
  return { focused, ears };
}
