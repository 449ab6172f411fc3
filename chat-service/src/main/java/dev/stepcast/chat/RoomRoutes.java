package dev.stepcast.chat;

import static dev.stepcast.chat.Refusals.orRefuse;

import dev.stepcast.chat.desk.Answer.Why;
import dev.stepcast.chat.limit.Limits;
import dev.stepcast.chat.limit.Limits.Kind;
import dev.stepcast.chat.passcode.Passcodes;
import dev.stepcast.chat.room.Rooms;
import dev.stepcast.chat.room.Rooms.Guest;
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

/** A room's life: open, look, join, destroy. */
final class RoomRoutes {
  private static final int BODY_MAX = 4 * 1024;
  private static final CreateRoomRequest AS_USUAL = new CreateRoomRequest(null, null, null, null,
      null);
  private static final JoinRoomRequest ANYHOW = new JoinRoomRequest(null, null);

  private final HttpDoor http;
  private final ChatConfig config;
  private final Rooms rooms;
  private final Door door;
  private final SecureRandom random = new SecureRandom();

  /** What stands between a visitor and a seat. */
  record Door(Visitor visitor, Limits limits, Passcodes passcodes) {}

  RoomRoutes(HttpDoor http, ChatConfig config, Rooms rooms, Door door) {
    this.http = http;
    this.config = config;
    this.rooms = rooms;
    this.door = door;
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
  }

  /** What is said in a room is not for caches, referrers or search engines. */
  static void keepPrivate(RoutingContext ctx) {
    ctx.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("Referrer-Policy", "no-referrer").putHeader("X-Robots-Tag", "noindex");
    ctx.next();
  }

  private void create(RoutingContext ctx) {
    var body = http.body(ctx, CreateRoomRequest.class);
    var asked = body == null ? AS_USUAL : body;
    int seats = asked.seats() == null ? 2 : asked.seats();
    if (seats > config.seatsMax()) {
      throw Problem.invalid("/seats", "the most here is " + config.seatsMax()).refusal();
    }
    var ttl = asked.ttlMs() == null ? config.ttl() : Duration.ofMillis(asked.ttlMs());
    var name = asked.name() == null ? null : alias("/name", asked.name()).shown();
    boolean encrypted = Boolean.TRUE.equals(asked.encrypted());
    HttpDoor.answer(ctx, 201, door.limits().count(Kind.CREATE, ctx.request())
        .compose(_ -> hashed(asked.passcode()))
        .compose(hash -> rooms.create(new Opening(ttl, seats, name,
            hash.isEmpty() ? null : hash, encrypted)))
        .map(answer -> {
          var opened = orRefuse(answer);
          return new RoomCreated(opened.room(), opened.expiresAt(), opened.now());
        }));
  }

  private Future<String> hashed(@Nullable String passcode) {
    return passcode == null ? Future.succeededFuture("") : door.passcodes().hash(passcode);
  }

  private void look(RoutingContext ctx) {
    var room = ctx.pathParam("room");
    HttpDoor.answer(ctx, 200, door.visitor().asking(ctx, room)
        .compose(member -> rooms.look(room, member)).map(Refusals::orRefuse));
  }

  private void join(RoutingContext ctx) {
    var room = ctx.pathParam("room");
    var body = http.body(ctx, JoinRoomRequest.class);
    var asked = body == null ? ANYHOW : body;
    var alias = asked.alias() == null ? Alias.drawn(random) : alias("/alias", asked.alias());
    HttpDoor.answer(ctx, 200, door.limits().count(Kind.JOIN, ctx.request())
        .compose(_ -> door.visitor().member(ctx, room))
        .compose(member -> proven(ctx, room, member, asked.passcode())
            .compose(hash -> rooms.join(room, new Guest(member, alias, hash))))
        .map(answer -> {
          var seat = orRefuse(answer);
          ctx.response().addCookie(door.visitor().cookie(room, seat));
          return new RoomJoined(seat.member(), seat.alias(), seat.expiresAt(), seat.now(),
              seat.owner(), seat.rejoined());
        }));
  }

  /** The hash that {@code passcode} was held against; empty where the room asks for none. */
  private Future<String> proven(RoutingContext ctx, String room, String member,
      @Nullable String passcode) {
    return rooms.passcode(room, member).compose(answer -> {
      var hash = orRefuse(answer);
      if (hash.isEmpty()) {
        return Future.succeededFuture("");
      }
      if (passcode == null) {
        throw Refusals.problem(Why.PASSCODE).refusal();
      }
      return door.limits().count(Kind.PASSCODE, ctx.request())
          .compose(_ -> door.passcodes().fits(passcode, hash)).map(fits -> {
            if (!fits) {
              throw Refusals.problem(Why.PASSCODE).refusal();
            }
            return hash;
          });
    });
  }

  private void destroy(RoutingContext ctx) {
    var room = ctx.pathParam("room");
    done(ctx, door.visitor().asking(ctx, room).compose(member -> rooms.destroy(room, member))
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
