import { advance, type Carried, type Channel } from "./channel.js";
import { compare } from "./position.js";
import type { AnyMessage, Ephemeral, Gap } from "./types.js";

/** Hands an event to those whom this wire serves and who have not had it. */
export function deliver(channel: Channel, carried: Carried, message: AnyMessage): void {
  if (message.event === "realtime.gap") return tellGap(channel, carried, message);
  carried.last = message.id;
  if (carried.served.size) advance(channel, message.id);
  for (const place of carried.served) {
    if (place.at && compare(message.id, place.at) <= 0) continue;
    place.at = place.ack = message.id;
    const { events, onEvent } = place.of;
    if (!events?.length || events.includes(message.event)) safely(onEvent, message);
  }
}

function tellGap(channel: Channel, carried: Carried, { channel: name, data }: AnyMessage): void {
  const { after, until, reason } = data as Gap;
  const restarted = reason === "restarted";
  carried.last = until;
  for (const place of carried.served) {
    const at = place.at ?? after;
    if (restarted ? compare(at, after) < 0 : compare(at, until) >= 0) continue;
    place.at = place.ack = until;
    const told = restarted || compare(at, after) > 0 ? at : after;
    safely(place.of.onGap, { channel: name, after: told, until, reason });
  }
  if (!carried.served.size) return;
  if (restarted) channel.last = until;
  else advance(channel, until);
}

export function deliverEphemeral(of: Channel, { channel, event, data }: Ephemeral): void {
  for (const place of of.places) safely(place.of.onEphemeral, { channel, event, data });
}

/** A listener that throws must not stop the others; its fault surfaces as an uncaught one. */
export function safely<T>(call: ((value: T) => void) | undefined, value: T): void {
  try {
    call?.(value);
  } catch (fault) {
    queueMicrotask(() => {
      throw fault;
    });
  }
}
