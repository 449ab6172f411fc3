import type { EventData, EventName } from "../events.js";
import type {
  EmitAnswer,
  EmitBatchAnswer,
  EmitRequest,
  FlowAnswer,
  FlowKeyList,
  GrantAnswer,
  GrantRequest,
  NewRun,
  NodeList,
  BulkAnswer,
  ConnectionList,
  ConnectionsClosed,
  NotifyAnswer,
  NotifyRequest,
  RoomCreated,
  RoomJoined,
  RoomMessagePosted,
  RoomMessageRequest,
  RoomMessages,
  CreateRoomRequest,
  JoinRoomRequest,
  RoomView,
  RunFilter,
  RunHead,
  RunList,
  RunView,
  ScheduleList,
  ScheduleRequest,
  ScheduleView,
  TriggerAnswer,
  TriggerRequest,
  WaiterList,
  WhyAnswer,
  WorkflowList,
} from "../generated/http.js";
import type { StepcastEvents } from "../generated/events.js";
import { caller, query, type ApiOptions } from "./call.js";

export type * from "../generated/http.js";
export type { ApiOptions } from "./call.js";
export { ProblemError, type Problem } from "../problem.js";

export interface Page {
  cursor?: string;
  limit?: number;
}

/** An event to emit: its name decides the type of its data. */
export type Emission<E, Name extends EventName<E> = EventName<E>> = Name extends string
  ? Omit<EmitRequest, "event" | "data"> & { event: Name; data: EventData<E, Name> }
  : never;

export type Api<E = StepcastEvents> = ReturnType<typeof createApi<E>>;

/**
 * The HTTP API, typed. Every call fails with a {@link ProblemError} when the answer is no, and with
 * one of kind `unreachable` when there is none. Nothing is retried here.
 */
export function createApi<E = StepcastEvents>(options: ApiOptions = {}) {
  const call = caller(options);
  const runPath = (id: string, action = "") => `/runs/${encodeURIComponent(id)}${action}`;
  const schedulePath = (id: string, action = "") => `/schedules/${encodeURIComponent(id)}${action}`;
  const roomPath = (id: string, action = "") => `/rooms/${encodeURIComponent(id)}${action}`;

  return {
    /** Starts a run; with an idempotency key the same call again gives the same run. */
    trigger: (request: TriggerRequest, idempotencyKey?: string) =>
      call<TriggerAnswer>(
        "POST",
        "/trigger",
        request,
        idempotencyKey ? { "Idempotency-Key": idempotencyKey } : {},
      ),
    workflows: () => call<WorkflowList>("GET", "/workflows"),
    runs: (filter: Omit<RunFilter, "all"> & Page = {}) => call<RunList>("GET", `/runs${query(filter)}`),
    run: (id: string) => call<RunView>("GET", runPath(id)),
    why: (id: string) => call<WhyAnswer>("GET", runPath(id, "/why")),
    nodes: () => call<NodeList>("GET", "/nodes"),
    cancel: (id: string) => call<RunHead>("DELETE", runPath(id)),
    pause: (id: string) => call<RunHead>("POST", runPath(id, "/pause")),
    unpause: (id: string) => call<RunHead>("POST", runPath(id, "/unpause")),
    /** A new run that keeps the steps which succeeded. */
    resume: (id: string) => call<NewRun>("POST", runPath(id, "/resume")),
    /** A new run from the beginning. */
    restart: (id: string) => call<NewRun>("POST", runPath(id, "/restart")),
    /** The same for every run that fits (`{ all: true }`: each); call again while a cursor comes back. */
    bulk: (
      action: "cancel" | "pause" | "unpause" | "resume" | "restart",
      filter: RunFilter,
      cursor?: string,
    ) => call<BulkAnswer>("POST", `/runs/${action}${query({ cursor })}`, { filter }),
    /** Which runs wait for an event. */
    waiters: (eventId: string) => call<WaiterList>("GET", `/waiters/${encodeURIComponent(eventId)}`),
    /** Flow keys that a run holds or waits for, by name. */
    flowKeys: (page: Page = {}) => call<FlowKeyList>("GET", `/flow${query(page)}`),
    flow: (key: string) => call<FlowAnswer>("GET", `/flow/${encodeURIComponent(key)}`),
    /** Makes a schedule, or puts this one in the place of what has its id. */
    schedule: (request: ScheduleRequest) => call<ScheduleView>("POST", "/schedules", request),
    schedules: (page: Page = {}) => call<ScheduleList>("GET", `/schedules${query(page)}`),
    scheduleOf: (id: string) => call<ScheduleView>("GET", schedulePath(id)),
    pauseSchedule: (id: string) => call<ScheduleView>("POST", schedulePath(id, "/pause")),
    unpauseSchedule: (id: string) => call<ScheduleView>("POST", schedulePath(id, "/unpause")),
    removeSchedule: (id: string) => call<void>("DELETE", schedulePath(id)),
    /** Who listens now, on all nodes that answer in time. */
    connections: (which: { channel?: string; subject?: string; limit?: number } = {}) =>
      call<ConnectionList>("GET", `/realtime/connections${query(which)}`),
    closeConnection: (id: string) =>
      call<ConnectionsClosed>("DELETE", `/realtime/connections/${encodeURIComponent(id)}`),
    /** Closes the live connections of whom a grant was given to, on all nodes. */
    closeConnections: (subject: string) =>
      call<ConnectionsClosed>("DELETE", `/realtime/connections${query({ subject })}`),
    notify: (eventId: string, request: NotifyRequest = {}) =>
      call<NotifyAnswer>("POST", `/notify/${encodeURIComponent(eventId)}`, request),
    emit: <Name extends EventName<E>>(emission: Emission<E, Name>) =>
      call<EmitAnswer>("POST", "/emit", emission),
    /** At most 100; one answer for each, in order. */
    emitAll: (emissions: Emission<E>[]) => call<EmitBatchAnswer>("POST", "/emit", emissions),
    grant: (request: GrantRequest) => call<GrantAnswer>("POST", "/grants", request),
    /** Takes the subject's right to a channel away, whatever grants it holds, for a day. */
    revoke: (subject: string, channel: string) =>
      call<void>("DELETE", `/grants${query({ subject, channel })}`),
    createRoom: (request: CreateRoomRequest = {}) => call<RoomCreated>("POST", "/rooms", request),
    room: (id: string) => call<RoomView>("GET", roomPath(id)),
    join: (id: string, request: JoinRoomRequest = {}) =>
      call<RoomJoined>("POST", roomPath(id, "/join"), request),
    post: (id: string, message: RoomMessageRequest) =>
      call<RoomMessagePosted>("POST", roomPath(id, "/messages"), message),
    messages: (id: string, range: { after?: string; before?: string; limit?: number } = {}) =>
      call<RoomMessages>("GET", roomPath(id, `/messages${query(range)}`)),
    /** Changes a message of one's own. */
    edit: (id: string, message: string, text: string) =>
      call<RoomMessagePosted>("PATCH", roomPath(id, `/messages/${message}`), { text }),
    /** Takes a message of one's own back, for everybody. */
    takeBack: (id: string, message: string) =>
      call<void>("DELETE", roomPath(id, `/messages/${message}`)),
    /** The heartbeat of a member, every 15 s; `false` when going away. */
    here: (id: string, here = true) => call<RoomView>("POST", roomPath(id, "/here"), { here }),
    typing: (id: string, typing = true) => call<void>("POST", roomPath(id, "/typing"), { typing }),
    read: (id: string, sequence: number) => call<void>("POST", roomPath(id, "/read"), { sequence }),
    lock: (id: string, locked: boolean) => call<void>("POST", roomPath(id, "/lock"), { locked }),
    kick: (id: string, member: string) =>
      call<void>("DELETE", roomPath(id, `/members/${encodeURIComponent(member)}`)),
    leave: (id: string) => call<void>("POST", roomPath(id, "/leave")),
    destroy: (id: string) => call<void>("DELETE", roomPath(id)),
  };
}
