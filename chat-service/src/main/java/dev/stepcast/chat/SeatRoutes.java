package dev.stepcast.chat;

import static dev.stepcast.chat.Refusals.orRefuse;

import dev.stepcast.chat.desk.Answer;
import dev.stepcast.chat.room.Rooms;
import dev.stepcast.chat.talk.Talk;
import dev.stepcast.platform.http.HttpDoor;
import dev.stepcast.schemas.RoomHereRequest;
import dev.stepcast.schemas.RoomLockRequest;
import dev.stepcast.schemas.RoomReadRequest;
import dev.stepcast.schemas.RoomTypingRequest;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.BiFunction;

/** What a member does but talk: leave, lock, kick, be here, type, read. */
final class SeatRoutes {
  private static final int BODY_MAX = 1024;

  private final HttpDoor http;
  private final Rooms rooms;
  private final Talk talk;
  private final Visitor visitor;

  SeatRoutes(HttpDoor http, Rooms rooms, Talk talk, Visitor visitor) {
    this.http = http;
    this.rooms = rooms;
    this.talk = talk;
    this.visitor = visitor;
  }

  void mount(Router router) {
    http.bounded(router.post("/api/rooms/:room/leave"), BODY_MAX).handler(this::leave);
    router.delete("/api/rooms/:room/members/:member").handler(this::kick);
    http.json(router.post("/api/rooms/:room/lock"), "requests/roomLock", BODY_MAX)
        .handler(this::lock);
    http.json(router.post("/api/rooms/:room/here"), "requests/roomHere", BODY_MAX)
        .handler(this::here);
    http.json(router.post("/api/rooms/:room/typing"), "requests/roomTyping", BODY_MAX)
        .handler(this::typing);
    http.json(router.post("/api/rooms/:room/read"), "requests/roomRead", BODY_MAX)
        .handler(this::read);
  }

  private void leave(RoutingContext ctx) {
    RoomRoutes.done(ctx, asked(ctx, (room, member) -> rooms.leave(room, member, member))
        .map(room -> ctx.response().addCookie(visitor.noCookie(room))));
  }

  private void kick(RoutingContext ctx) {
    var whom = ctx.pathParam("member");
    RoomRoutes.done(ctx, asked(ctx, (room, member) -> rooms.leave(room, member, whom)));
  }

  private void lock(RoutingContext ctx) {
    boolean locked = http.required(ctx, RoomLockRequest.class).locked();
    RoomRoutes.done(ctx, asked(ctx, (room, member) -> rooms.lock(room, member, locked)));
  }

  private void here(RoutingContext ctx) {
    var body = http.body(ctx, RoomHereRequest.class);
    boolean here = body == null || !Boolean.FALSE.equals(body.here());
    HttpDoor.answer(ctx, 200, asked(ctx, (room, member) -> rooms.here(room, member, here)));
  }

  private void typing(RoutingContext ctx) {
    var body = http.body(ctx, RoomTypingRequest.class);
    boolean typing = body == null || !Boolean.FALSE.equals(body.typing());
    RoomRoutes.done(ctx, asked(ctx, (room, member) -> talk.typing(room, member, typing)));
  }

  private void read(RoutingContext ctx) {
    long sequence = http.required(ctx, RoomReadRequest.class).sequence();
    RoomRoutes.done(ctx, asked(ctx, (room, member) -> talk.read(room, member, sequence)));
  }

  /** What the room answers to whoever sent the request, or the refusal. */
  private <T> Future<T> asked(RoutingContext ctx,
      BiFunction<String, String, Future<Answer<T>>> question) {
    var room = ctx.pathParam("room");
    return visitor.asking(ctx, room).compose(member -> question.apply(room, member))
        .map(answer -> orRefuse(answer));
  }
}
