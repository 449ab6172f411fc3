package dev.stepcast.chat;

import static dev.stepcast.chat.Refusals.orRefuse;

import dev.stepcast.chat.room.Rooms;
import dev.stepcast.chat.room.Rooms.Opening;
import dev.stepcast.chat.text.Alias;
import dev.stepcast.platform.http.HttpDoor;
import dev.stepcast.platform.problem.Problem;
import dev.stepcast.schemas.CreateRoomRequest;
import dev.stepcast.schemas.JoinRoomRequest;
import dev.stepcast.schemas.RoomCreated;
import dev.stepcast.schemas.RoomJoined;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.security.SecureRandom;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A room's life: open, look, join, leave, destroy. */
final class RoomRoutes {
  private static final int BODY_MAX = 4 * 1024;

  private final HttpDoor http;
  private final ChatConfig config;
  private final Rooms rooms;
  private final Visitor visitor;
  private final SecureRandom random = new SecureRandom();

  RoomRoutes(HttpDoor http, ChatConfig config, Rooms rooms, Visitor visitor) {
    this.http = http;
    this.config = config;
    this.rooms = rooms;
    this.visitor = visitor;
  }

  void mount(Router router) {
    router.route("/api/rooms*").handler(RoomRoutes::keepPrivate);
    var create = router.post("/api/rooms");
    if (config.createNeedsToken()) {
      create.handler(http::requireToken);
    }
    http.json(create, "requests/roomCreate", BODY_MAX).handler(this::create);
    router.get("/api/rooms/:room").handler(this::look);
    router.delete("/api/rooms/:room").handler(this::destroy);
    http.json(router.post("/api/rooms/:room/join"), "requests/roomJoin", BODY_MAX)
        .handler(this::join);
    http.bounded(router.post("/api/rooms/:room/leave"), BODY_MAX).handler(this::leave);
  }

  /** What is said in a room is not for caches, referrers or search engines. */
  static void keepPrivate(RoutingContext ctx) {
    ctx.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("Referrer-Policy", "no-referrer").putHeader("X-Robots-Tag", "noindex");
    ctx.next();
  }

  private void create(RoutingContext ctx) {
    var asked = http.body(ctx, CreateRoomRequest.class);
    var ttl = asked == null || asked.ttlMs() == null
        ? config.ttl()
        : Duration.ofMillis(asked.ttlMs());
    int seats = asked == null || asked.seats() == null ? 2 : asked.seats();
    if (seats > config.seatsMax()) {
      throw Problem.invalid("/seats", "the most here is " + config.seatsMax()).refusal();
    }
    HttpDoor.answer(ctx, 201, rooms.create(new Opening(ttl, seats))
        .map(opened -> new RoomCreated(opened.room(), opened.expiresAt(), opened.now())));
  }

  private void look(RoutingContext ctx) {
    var room = ctx.pathParam("room");
    HttpDoor.answer(ctx, 200, visitor.member(ctx, room)
        .compose(member -> rooms.look(room, member)).map(Refusals::orRefuse));
  }

  private void join(RoutingContext ctx) {
    var room = ctx.pathParam("room");
    var asked = http.body(ctx, JoinRoomRequest.class);
    var alias = asked == null || asked.alias() == null
        ? Alias.drawn(random)
        : alias("/alias", asked.alias());
    HttpDoor.answer(ctx, 200, visitor.member(ctx, room)
        .compose(member -> rooms.join(room, member, alias)).map(answer -> {
          var seat = orRefuse(answer);
          ctx.response().addCookie(visitor.cookie(room, seat));
          return new RoomJoined(seat.member(), seat.alias(), seat.expiresAt(), seat.now(),
              seat.owner(), seat.rejoined());
        }));
  }

  private void leave(RoutingContext ctx) {
    var room = ctx.pathParam("room");
    done(ctx, visitor.member(ctx, room).compose(member -> rooms.leave(room, member)).map(answer -> {
      orRefuse(answer);
      return ctx.response().addCookie(visitor.noCookie(room));
    }));
  }

  private void destroy(RoutingContext ctx) {
    var room = ctx.pathParam("room");
    done(ctx, visitor.member(ctx, room).compose(member -> rooms.destroy(room, member))
        .map(Refusals::orRefuse));
  }

  static Alias alias(String pointer, String raw) {
    return Alias.of(raw).orElseThrow(() -> Problem.invalid(pointer,
        "nothing of it can be seen, or it is over " + Alias.LENGTH_MAX + " characters")
        .refusal());
  }

  /** Answers 204 once {@code work} is done, or its failure. */
  static void done(RoutingContext ctx, Future<? extends @Nullable Object> work) {
    work.onComplete(answer -> {
      if (answer.failed()) {
        ctx.fail(answer.cause());
      } else if (!ctx.response().closed()) {
        ctx.response().setStatusCode(204).end();
      }
    });
  }
}
