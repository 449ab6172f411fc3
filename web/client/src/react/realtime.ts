import { useEffect, useRef, useState } from "react";
import type {
  EventName,
  Gap,
  Message,
  Problem,
  Since,
  Status,
  Subscription,
} from "../index.js";
import { useConnection } from "./provider.js";

export interface UseRealtimeOptions<E, Names extends EventName<E>> {
  /** Default: `["default"]`. What is empty is left out. */
  channels?: readonly (string | null | undefined | false)[];
  /** The events to hand over; default: all. */
  events?: readonly Names[];
  onData?: (message: Message<E, Names>) => void;
  /** `false` stops listening; true again goes on where it stopped. */
  enabled?: boolean;
  /** Begin with what is kept (`true`), or with what is kept since a moment. */
  history?: boolean | number | Date;
  /** Begin after a stored place, for all channels or for each. Wins over `history`. */
  cursor?: string | Record<string, string>;
  /** What lies in a gap is no longer kept. */
  onGap?: (gap: Gap) => void;
}

export interface RealtimeState {
  status: Status["status"];
  /** Why, when `status` is `error`. */
  problem?: Problem;
  /** The last id handed over in each channel, to be stored and given as `cursor`. */
  cursors: () => Record<string, string>;
}

const off: Status = { status: "disconnected" };

/**
 * Listens while mounted and enabled. Each event is handed over once to this component, in the
 * order of its channel, through reconnects, re-enabling, changes of `channels` and strict mode.
 */
export function useRealtime<E, const Names extends EventName<E> = EventName<E>>(
  options: UseRealtimeOptions<E, Names>,
): RealtimeState {
  const { channels = ["default"], enabled = true } = options;
  const connection = useConnection<E>();
  const latest = useRef(options);
  const handed = useRef<Record<string, string>>({});
  const current = useRef<Subscription>(undefined);
  const [status, setStatus] = useState(off);
  const names = JSON.stringify(enabled ? channels.filter(Boolean) : []);
  const cursors = () => Object.assign(handed.current, current.current?.cursors());

  useEffect(() => {
    latest.current = options;
  });
  useEffect(() => {
    const wanted: string[] = JSON.parse(names);
    if (!wanted.length) return;
    const { history, cursor } = latest.current;
    const since: Record<string, Since> = {};
    for (const name of wanted) {
      const stored = typeof cursor === "object" ? cursor[name] : cursor;
      since[name] = handed.current[name] ?? stored ?? ((history === true ? 0 : history) as Since);
    }
    const subscription = connection.subscribe(wanted, {
      since,
      onEvent(message: any) {
        const { events, onData } = latest.current;
        if (!events?.length || events.includes(message.event)) onData?.(message);
      },
      onGap: (gap) => latest.current.onGap?.(gap),
      onStatus: setStatus,
    });
    current.current = subscription;
    return () => {
      cursors();
      subscription.close();
      setStatus(off);
    };
  }, [connection, names]);

  return { ...status, cursors };
}

/** Binds the hook to a map of events: `export const { useRealtime } = createRealtime<Events>()`. */
export function createRealtime<E>() {
  return {
    useRealtime: useRealtime as <const Names extends EventName<E> = EventName<E>>(
      options: UseRealtimeOptions<E, Names>,
    ) => RealtimeState,
  };
}
