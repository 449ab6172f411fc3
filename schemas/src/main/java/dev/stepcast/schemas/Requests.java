package dev.stepcast.schemas;

import java.util.List;

/** Bodies that callers send; unknown members are refused. */
public final class Requests {
  /** POST /api/trigger. */
  public static final Body<TriggerRequest> TRIGGER = new Body<>("requests/trigger.json",
      TriggerRequest.class);

  /** POST /api/emit. */
  public static final Body<EmitRequest> EMIT = new Body<>("requests/emit.json", EmitRequest.class);

  /** POST /api/emit, many at once. */
  public static final Body<EmitRequest[]> EMIT_BATCH = new Body<>("requests/emitBatch.json",
      EmitRequest[].class);

  /** POST /api/grants. */
  public static final Body<GrantRequest> GRANT = new Body<>("requests/grant.json",
      GrantRequest.class);

  /** POST /api/notify/{eventId}. */
  public static final Body<NotifyRequest> NOTIFY = new Body<>("requests/notify.json",
      NotifyRequest.class);

  /** POST /api/runs/{cancel|pause|unpause|resume|restart}. */
  public static final Body<BulkRequest> BULK = new Body<>("requests/bulk.json", BulkRequest.class);

  /** POST /api/schedules. */
  public static final Body<ScheduleRequest> SCHEDULE = new Body<>("requests/schedule.json",
      ScheduleRequest.class);

  /** POST /api/rooms. */
  public static final Body<CreateRoomRequest> ROOM_CREATE = new Body<>("requests/roomCreate.json",
      CreateRoomRequest.class);

  /** POST /api/rooms/{id}/join. */
  public static final Body<JoinRoomRequest> ROOM_JOIN = new Body<>("requests/roomJoin.json",
      JoinRoomRequest.class);

  /** POST /api/rooms/{id}/messages, and POST /api/messages?roomId=. */
  public static final Body<RoomMessageRequest> ROOM_MESSAGE = new Body<>(
      "requests/roomMessage.json", RoomMessageRequest.class);

  /** PATCH /api/rooms/{id}/messages/{message}. */
  public static final Body<RoomEditRequest> ROOM_EDIT = new Body<>("requests/roomEdit.json",
      RoomEditRequest.class);

  /** POST /api/rooms/{id}/lock. */
  public static final Body<RoomLockRequest> ROOM_LOCK = new Body<>("requests/roomLock.json",
      RoomLockRequest.class);

  /** POST /api/rooms/{id}/read. */
  public static final Body<RoomReadRequest> ROOM_READ = new Body<>("requests/roomRead.json",
      RoomReadRequest.class);

  /** POST /api/rooms/{id}/typing. */
  public static final Body<RoomTypingRequest> ROOM_TYPING = new Body<>(
      "requests/roomTyping.json", RoomTypingRequest.class);

  /** POST /api/rooms/{id}/here. */
  public static final Body<RoomHereRequest> ROOM_HERE = new Body<>("requests/roomHere.json",
      RoomHereRequest.class);

  static final List<Body<?>> ALL = List.of(TRIGGER, EMIT, EMIT_BATCH, GRANT, NOTIFY, BULK,
      ROOM_CREATE, ROOM_JOIN, ROOM_MESSAGE, ROOM_EDIT, ROOM_LOCK, ROOM_READ, ROOM_TYPING,
      ROOM_HERE, SCHEDULE);

  private Requests() {}
}
