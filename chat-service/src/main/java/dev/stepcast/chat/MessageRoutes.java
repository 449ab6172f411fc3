package dev.stepcast.chat;

import static dev.stepcast.chat.RoomRoutes.alias;

import dev.stepcast.chat.talk.Talk;
import dev.stepcast.chat.talk.Talk.Draft;
import dev.stepcast.chat.talk.Talk.Span;
import dev.stepcast.chat.text.Text;
import dev.stepcast.platform.http.HttpDoor;
import dev.stepcast.platform.problem.Problem;
import dev.stepcast.schemas.RoomEditRequest;
import dev.stepcast.schemas.RoomMessageRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is said in a room. The paths with {@code ?roomId=} are those of older chat pages. */
final class MessageRoutes {
  /** A text of 4 KiB in which every byte is escaped fits. */
  private static final int BODY_MAX = 32 * 1024;
  private static final String SAID = "requests/roomMessage";
  private static final String ROOM = "roomId";
  private static final int CLIENT_ID_MAX = 100;
  private static final int LIMIT_DEFAULT = 50;
  private static final int LIMIT_MAX = 200;
  private static final Pattern ID = Pattern.compile("\\d{1,20}-\\d{1,20}");

  private final HttpDoor http;
  private final Talk talk;
  private final Visitor visitor;

  MessageRoutes(HttpDoor http, Talk talk, Visitor visitor) {
    this.http = http;
    this.talk = talk;
    this.visitor = visitor;
  }

  void mount(Router router) {
    router.route("/api/messages").handler(RoomRoutes::keepPrivate);
    http.json(router.post("/api/rooms/:room/messages"), SAID, BODY_MAX).handler(this::post);
    http.json(HttpDoor.query(router.post("/api/messages"), ROOM), SAID, BODY_MAX)
        .handler(this::post);
    HttpDoor.query(router.get("/api/rooms/:room/messages"), "after", "before", "limit")
        .handler(this::history);
    HttpDoor.query(router.get("/api/messages"), ROOM, "after", "before", "limit")
        .handler(this::history);
    var one = "/api/rooms/:room/messages/:message";
    http.json(router.patch(one), "requests/roomEdit", BODY_MAX).handler(this::edit);
    router.delete(one).handler(this::delete);
  }

  private void post(RoutingContext ctx) {
    var room = room(ctx);
    var asked = http.required(ctx, RoomMessageRequest.class);
    var draft = new Draft(text(asked.text()),
        asked.sender() == null ? null : alias("/sender", asked.sender()),
        clientId(asked.clientId()));
    HttpDoor.answer(ctx, 201, visitor.asking(ctx, room)
        .compose(member -> talk.post(room, member, draft)).map(Refusals::orRefuse));
  }

  private void edit(RoutingContext ctx) {
    var room = room(ctx);
    var text = text(http.required(ctx, RoomEditRequest.class).text());
    HttpDoor.answer(ctx, 200, visitor.asking(ctx, room)
        .compose(member -> talk.edit(room, member, ctx.pathParam("message"), text))
        .map(Refusals::orRefuse));
  }

  private void delete(RoutingContext ctx) {
    var room = room(ctx);
    RoomRoutes.done(ctx, visitor.asking(ctx, room)
        .compose(member -> talk.delete(room, member, ctx.pathParam("message")))
        .map(Refusals::orRefuse));
  }

  private void history(RoutingContext ctx) {
    var room = room(ctx);
    var after = place(ctx, "after");
    var before = place(ctx, "before");
    if (after != null && before != null) {
      throw badQuery("Send after or before, not both.");
    }
    var span = new Span(before != null, after != null ? after : before != null ? before : "",
        limit(ctx));
    HttpDoor.answer(ctx, 200, visitor.asking(ctx, room)
        .compose(member -> talk.history(room, member, span)).map(Refusals::orRefuse));
  }

  private static String room(RoutingContext ctx) {
    var named = ctx.pathParam("room");
    var asked = named == null ? ctx.request().getParam(ROOM) : named;
    if (asked == null) {
      throw badQuery("Say which room: ?roomId=.");
    }
    return asked;
  }

  /** The schema counts characters, an event's limit is in UTF-16 units, as JavaScript counts. */
  private static @Nullable String clientId(@Nullable String given) {
    if (given != null && given.length() > CLIENT_ID_MAX) {
      throw Problem.invalid("/clientId", "over " + CLIENT_ID_MAX + " UTF-16 units").refusal();
    }
    return given;
  }

  private static Text text(String raw) {
    var text = Text.of(raw)
        .orElseThrow(() -> Problem.invalid("/text", "nothing of it can be seen").refusal());
    if (text.bytes() > Text.BYTES_MAX) {
      throw new Problem(413, "message-too-long", "The message is too long",
          "It has " + text.bytes() + " bytes in UTF-8, the most is " + Text.BYTES_MAX + ".",
          Map.of("bytesMax", Text.BYTES_MAX)).refusal();
    }
    return text;
  }

  /** An event's id; empty for {@code end}; null where the parameter is absent. */
  private static @Nullable String place(RoutingContext ctx, String parameter) {
    var given = ctx.request().getParam(parameter);
    if (given == null || ID.matcher(given).matches()) {
      return given;
    }
    if (given.equals("end") && parameter.equals("before")) {
      return "";
    }
    throw badQuery("'" + parameter + "' wants an event's id, or an answer's cursor.");
  }

  private static int limit(RoutingContext ctx) {
    var given = ctx.request().getParam("limit");
    if (given == null) {
      return ctx.pathParam("room") == null ? LIMIT_MAX : LIMIT_DEFAULT;
    }
    if (!given.matches("[1-9]\\d{0,2}") || Integer.parseInt(given) > LIMIT_MAX) {
      throw badQuery("'limit' wants a number from 1 to " + LIMIT_MAX + ".");
    }
    return Integer.parseInt(given);
  }

  private static RuntimeException badQuery(String detail) {
    return Problem.of(400, "bad-parameter", "A parameter cannot be read", detail).refusal();
  }
}
