package dev.stepcast.schemas;

import java.util.List;

/** Bodies that callers get; readers ignore members they do not know. */
public final class Answers {
  /** 202 of POST /api/trigger. */
  public static final Body<TriggerAnswer> TRIGGER = new Body<>("answers/trigger.json",
      TriggerAnswer.class);

  /** 200 of GET /api/workflows. */
  public static final Body<WorkflowList> WORKFLOWS = new Body<>("answers/workflows.json",
      WorkflowList.class);

  /** A run in a list, and 200 of what controls a run. */
  public static final Body<RunHead> RUN_HEAD = new Body<>("answers/runHead.json", RunHead.class);

  /** 200 of GET /api/runs. */
  public static final Body<RunList> RUNS = new Body<>("answers/runs.json", RunList.class);

  /** 200 of GET /api/runs/{id}. */
  public static final Body<RunView> RUN = new Body<>("answers/run.json", RunView.class);

  /** 201 of POST /api/runs/{id}/resume and /restart. */
  public static final Body<NewRun> NEW_RUN = new Body<>("answers/newRun.json", NewRun.class);

  /** 200 of POST /api/runs/{cancel|pause|unpause|resume|restart}. */
  public static final Body<BulkAnswer> BULK = new Body<>("answers/bulk.json", BulkAnswer.class);

  /** 200 of POST /api/notify/{eventId}. */
  public static final Body<NotifyAnswer> NOTIFY = new Body<>("answers/notify.json",
      NotifyAnswer.class);

  /** 200 of POST /api/emit. */
  public static final Body<EmitAnswer> EMIT = new Body<>("answers/emit.json", EmitAnswer.class);

  /** An event of a batch that was not stored. */
  public static final Body<EmitRefused> EMIT_REFUSED = new Body<>("answers/emitRefused.json",
      EmitRefused.class);

  /** 200 of POST /api/emit with many: one answer each, in order. */
  public static final Body<EmitOutcome[]> EMIT_BATCH = new Body<>("answers/emitBatch.json",
      EmitOutcome[].class);

  /** 201 of POST /api/grants. */
  public static final Body<GrantAnswer> GRANT = new Body<>("answers/grant.json", GrantAnswer.class);

  /** 200 of GET /api/schemas. */
  public static final Body<SchemaList> SCHEMAS = new Body<>("answers/schemas.json",
      SchemaList.class);

  /** 201 of POST /api/schedules, 200 of GET /api/schedules/{id}. */
  public static final Body<ScheduleView> SCHEDULE = new Body<>("answers/schedule.json",
      ScheduleView.class);

  /** 200 of GET /api/schedules. */
  public static final Body<ScheduleList> SCHEDULES = new Body<>("answers/schedules.json",
      ScheduleList.class);

  /** 200 of GET /api/runs/{id}/why. */
  public static final Body<WhyAnswer> WHY = new Body<>("answers/why.json", WhyAnswer.class);

  /** 200 of GET /api/flow/{key}. */
  public static final Body<FlowAnswer> FLOW = new Body<>("answers/flow.json", FlowAnswer.class);

  /** 200 of GET /api/flow. */
  public static final Body<FlowKeyList> FLOW_KEYS = new Body<>("answers/flowKeys.json",
      FlowKeyList.class);

  /** 200 of GET /api/waiters/{eventId}. */
  public static final Body<WaiterList> WAITERS = new Body<>("answers/waiters.json",
      WaiterList.class);

  /** 201 of POST /api/rooms. */
  public static final Body<RoomCreated> ROOM_CREATED = new Body<>("answers/roomCreated.json",
      RoomCreated.class);

  /** 200 of GET /api/rooms/{id}. */
  public static final Body<RoomView> ROOM = new Body<>("answers/room.json", RoomView.class);

  /** 200 of POST /api/rooms/{id}/join. */
  public static final Body<RoomJoined> ROOM_JOINED = new Body<>("answers/roomJoined.json",
      RoomJoined.class);

  /** 201 of POST /api/rooms/{id}/messages. */
  public static final Body<RoomMessagePosted> ROOM_MESSAGE_POSTED = new Body<>(
      "answers/roomMessagePosted.json", RoomMessagePosted.class);

  /** 200 of GET /api/rooms/{id}/messages. */
  public static final Body<RoomMessages> ROOM_MESSAGES = new Body<>("answers/roomMessages.json",
      RoomMessages.class);

  /** 200 of GET /api/realtime/history. */
  public static final Body<HistoryAnswer> HISTORY = new Body<>("answers/history.json",
      HistoryAnswer.class);

  /** 200 of GET /api/realtime/presence. */
  public static final Body<PresenceAnswer> PRESENCE = new Body<>("answers/presence.json",
      PresenceAnswer.class);

  /** 200 of GET /api/realtime/stats. */
  public static final Body<RealtimeStats> REALTIME_STATS = new Body<>(
      "answers/realtimeStats.json", RealtimeStats.class);

  /** 200 of GET /api/realtime/connections. */
  public static final Body<ConnectionList> CONNECTIONS = new Body<>("answers/connections.json",
      ConnectionList.class);

  /** 200 of DELETE /api/realtime/subscriptions. */
  public static final Body<SubscriptionsEnded> SUBSCRIPTIONS_ENDED = new Body<>(
      "answers/subscriptionsEnded.json", SubscriptionsEnded.class);

  /** 200 of DELETE /api/realtime/connections. */
  public static final Body<ConnectionsClosed> CONNECTIONS_CLOSED = new Body<>(
      "answers/connectionsClosed.json", ConnectionsClosed.class);

  /** 200 of GET /api/nodes. */
  public static final Body<NodeList> NODES = new Body<>("answers/nodes.json", NodeList.class);

  /** Any answer that is no. */
  public static final Body<ProblemBody> PROBLEM = new Body<>("problem.json", ProblemBody.class);

  static final List<Body<?>> ALL = List.of(TRIGGER, WORKFLOWS, RUN_HEAD, RUNS, RUN, NEW_RUN, BULK,
      NOTIFY, EMIT, EMIT_REFUSED, EMIT_BATCH, GRANT, SCHEMAS, SCHEDULE, SCHEDULES, ROOM_CREATED,
      ROOM, ROOM_JOINED, ROOM_MESSAGE_POSTED, ROOM_MESSAGES, HISTORY, PRESENCE, REALTIME_STATS,
      CONNECTIONS, SUBSCRIPTIONS_ENDED, CONNECTIONS_CLOSED, NODES, WHY, FLOW, FLOW_KEYS,
      WAITERS, PROBLEM);

  private Answers() {}
}
