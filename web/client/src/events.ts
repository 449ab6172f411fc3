/**
 * Two ways to say which events there are: a flat map from event name to data, as generated from
 * JSON Schemas, or a nested map of zod schemas, as `InferRealtimeEvents` of `@upstash/realtime`
 * gives. Zod is only looked at by its shape; this package does not need it.
 */
type Zod = { _zod: { output: unknown } };

type ZodNames<T, Prefix extends string = ""> = {
  [K in keyof T & string]: T[K] extends Zod
    ? `${Prefix}${K}`
    : T[K] extends Record<string, unknown>
      ? ZodNames<T[K], `${Prefix}${K}.`>
      : never;
}[keyof T & string];

type ZodData<T, Name extends string> = Name extends keyof T
  ? T[Name] extends Zod
    ? T[Name]["_zod"]["output"]
    : never
  : Name extends `${infer Head}.${infer Rest}`
    ? Head extends keyof T
      ? ZodData<T[Head], Rest>
      : never
    : never;

type IsAny<T> = 0 extends 1 & T ? true : false;

/** Every event name of the map `E`. */
export type EventName<E> =
  IsAny<E> extends true ? string : [ZodNames<E>] extends [never] ? keyof E & string : ZodNames<E>;

/** The data of the event `Name`. */
export type EventData<E, Name extends string> =
  IsAny<E> extends true
    ? any
    : [ZodNames<E>] extends [never]
      ? Name extends keyof E
        ? E[Name]
        : never
      : ZodData<E, Name>;

/** An event as it is handed over; a union over `Names`, so that `event` tells what `data` is. */
export type Message<E, Names extends string = EventName<E>> = Names extends string
  ? {
      /** Place in the channel's history; may be stored and given as `since` later. */
      id: string;
      event: Names;
      channel: string;
      data: EventData<E, Names>;
    }
  : never;
