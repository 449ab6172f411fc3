package dev.stepcast.api.v2;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.http.HttpDoor;
import dev.stepcast.platform.problem.Problem;
import dev.stepcast.runs.admission.Admission;
import dev.stepcast.runs.endpoint.Deliveries;
import dev.stepcast.runs.endpoint.EndpointRuns;
import dev.stepcast.runs.group.UrlGroups;
import dev.stepcast.runs.limit.Limits;
import dev.stepcast.runs.queue.Queues;
import dev.stepcast.runs.signing.SigningKeys;
import dev.stepcast.runs.signing.SigningKeys.Pair;
import dev.stepcast.runs.store.RunStore.Retention;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v2}: what {@code @upstash/workflow} and {@code @upstash/qstash} ask of their server.
 * Paths hold URLs as they are, so the request's own text is read, never a normalized path.
 */
public final class V2Routes {
  private static final String PATHS = "/v2(?:/.*)?";
  private static final int BEFORE_PROBLEMS = -3;
  private static final int BODY_BYTES_MAX = 8 * 1024 * 1024;
  private static final int BATCH_BYTES_MAX = 100 * 1024 * 1024;
  private static final int BATCH_MOST = 1_000;
  private static final String HOOKS = "workflows/hooks/";
  private static final long NOTICED_MS = 2_000;

  private final Platform platform;
  private final HttpDoor door;
  private final V2Config config;
  private final Submissions submissions;
  private final Waits waits;
  private final Runs runs;
  private final DeadLetters dead;
  private final Messages messages;
  private final Lines lines;
  private final Timetable timetable;
  private final SigningKeys signing;

  /**
   * Speaks for the runs in {@code platform}'s Redis; new ones where {@code admission} lets, and
   * ended ones are kept as {@code retention} says.
   */
  public V2Routes(Platform platform, V2Config config, Retention retention, Admission admission) {
    this.platform = platform;
    this.door = platform.http();
    this.config = config;
    var redis = platform.redis();
    var keys = platform.keys();
    var endpoint = new EndpointRuns(redis, keys, config.events(), retention);
    var groups = new UrlGroups(redis, keys, platform.clock());
    var limits = new Limits(redis, keys);
    var entrance = new Entrance(admission, endpoint);
    this.messages = new Messages(platform, endpoint, groups, limits);
    this.submissions = new Submissions(endpoint, messages, limits, entrance);
    this.lines = new Lines(new Queues(redis, keys, endpoint), groups, limits,
        new Deliveries(redis, keys, endpoint));
    this.timetable = new Timetable(platform, limits);
    this.signing = new SigningKeys(redis, keys, new Pair(config.current(), config.next()));
    this.waits = new Waits(endpoint);
    this.runs = new Runs(platform, endpoint);
    this.dead = new DeadLetters(platform, endpoint, entrance);
  }

  /** Adds the routes; beyond loopback only where there is a token. */
  public void mount(Router router) {
    if (config.token() == null && !platform.config().loopback()) {
      return;
    }
    router.routeWithRegex(PATHS).order(BEFORE_PROBLEMS).failureHandler(V2Routes::refuse);
    router.routeWithRegex(PATHS).handler(this::requireToken);
    door.bounded(router.routeWithRegex("/v2/batch(?:/.*)?"), BATCH_BYTES_MAX)
        .handler(this::serve);
    door.bounded(router.routeWithRegex(PATHS), BODY_BYTES_MAX).handler(this::serve);
  }

  private void serve(RoutingContext ctx) {
    var ask = Ask.of(ctx);
    route(ask).onSuccess(value -> send(ctx, 200, value)).onFailure(ctx::fail);
  }

  private Future<?> route(Ask ask) {
    if (ask.rest().startsWith(HOOKS)) {
      return waits.hook(ask.ctx(), ask.path());
    }
    return switch (ask.rest().split("[/?]", 2)[0]) {
      case "workflows" -> workflows(ask);
      case "dlq" -> dead.serve(ask, false);
      case "queues" -> lines.queues(ask);
      case "topics" -> lines.groups(ask);
      case "flowControl" -> lines.flow(ask);
      case "schedules" -> timetable.serve(ask);
      case "keys" -> keys(ask);
      default -> switch (ask.method()) {
        case "POST" -> post(ask);
        case "GET" -> get(ask);
        case "DELETE" -> delete(ask);
        default -> none(ask);
      };
    };
  }

  private Future<?> post(Ask ask) {
    return switch (ask.word(0)) {
      case "batch" -> ask.word(1).equals("trigger") ? submissions.triggers(batch(ask))
          : submissions.batch(batch(ask));
      case "publish" -> submissions.one(ask.item(ask.after(1), null));
      case "enqueue" -> submissions.one(ask.item(ask.after(2), ask.word(1)));
      case "trigger" -> submissions.trigger(ask.item(ask.after(1), null));
      case "wait" -> submissions.await(ask.item("", null), ask.name(1));
      case "notify" -> waits.notify(ask.path().substring("notify/".length()), ask.body());
      default -> none(ask);
    };
  }

  private Future<?> get(Ask ask) {
    return switch (ask.word(0)) {
      case "waiters" -> waits.waiters(ask.name(1));
      case "messages" -> messages.get(ask.name(1));
      case "events", "logs" -> messages.log(ask.query());
      case "globalParallelism" -> Lines.callsOfAllNodes(platform.bus());
      default -> none(ask);
    };
  }

  private Future<?> delete(Ask ask) {
    return !ask.word(0).equals("messages") ? none(ask)
        : ask.word(1).isEmpty() ? messages.cancel(ask.query())
            : messages.cancel(List.of(ask.name(1)));
  }

  private Future<?> workflows(Ask ask) {
    var id = ask.name(2);
    return switch (ask.method() + " " + ask.word(1)) {
      case "GET runs" -> runs.messages(id);
      case "DELETE runs" -> id.isEmpty() ? runs.cancel(ask.query())
          : "false".equals(ask.query().get("cancel")) ? runs.finish(id, ask.body().toString())
              : runs.cancel(List.of(id));
      case "GET events", "GET logs" -> runs.logs(ask.query());
      case String dlq when dlq.endsWith(" dlq") -> dead.serve(ask, true);
      default -> none(ask);
    };
  }

  private Future<?> keys(Ask ask) {
    var shown = switch (ask.method() + " " + ask.word(1)) {
      case "GET " -> signing.now();
      // The nodes that deliver have noticed when this is answered: who checks may change its keys.
      case "POST rotate" -> signing.rotate().compose(pair -> platform.vertx()
          .timer(NOTICED_MS, TimeUnit.MILLISECONDS).map(pair));
      default -> null;
    };
    return shown == null ? none(ask)
        : shown.map(pair -> new JsonObject()
            .put("current", pair.current()).put("next", pair.next()));
  }

  static Future<?> none(Ask ask) {
    return Future.failedFuture(new No(404, "no such path: /v2/" + ask.word(0)
        + "; what is offered is listed in docs/COMPATIBILITY.md"));
  }

  private static List<Item> batch(Ask ask) {
    var items = new ArrayList<Item>();
    var members = ask.body().toJsonArray();
    if (members.size() > BATCH_MOST) {
      throw new No(413, "a batch has at most " + BATCH_MOST + " messages; send several");
    }
    for (var member : members) {
      var json = (JsonObject) member;
      Map<String, String> headers = new HashMap<>();
      json.getJsonObject("headers", new JsonObject()).forEach(header -> headers
          .put(header.getKey(), String.valueOf(header.getValue())));
      var body = json.getValue("body");
      items.add(new Item(String.valueOf(json.getString("destination")), ask.told(headers),
          body == null ? Buffer.buffer() : Buffer.buffer(body.toString()),
          json.getString("queue")));
    }
    return items;
  }

  static Buffer body(RoutingContext ctx) {
    var body = ctx.body().buffer();
    return body == null ? Buffer.buffer() : body;
  }

  static String decoded(String text) {
    return Ask.decoded(text);
  }

  private void requireToken(RoutingContext ctx) {
    var header = ctx.request().getHeader(HttpHeaders.AUTHORIZATION);
    var given = header == null ? ctx.request().getParam("qstash_token")
        : header.replaceFirst("(?i)^Bearer ", "");
    var token = config.token();
    if (token == null || ctx.request().uri().startsWith("/v2/" + HOOKS)
        || (given != null && MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8),
            token.getBytes(StandardCharsets.UTF_8)))) {
      ctx.next();
    } else {
      send(ctx, 401, error("invalid user"));
    }
  }

  private static JsonObject error(@Nullable String message) {
    return new JsonObject().put("error", String.valueOf(message));
  }

  /** Failures in the form that the packages read. */
  private static void refuse(RoutingContext ctx) {
    var cause = ctx.failure();
    var problem = cause == null ? null : Problem.in(cause).orElse(null);
    if (cause instanceof No no) {
      send(ctx, no.status(), error(no.getMessage()));
    } else if (problem != null) {
      HttpDoor.retryAfter(ctx.response(), problem);
      send(ctx, problem.status(), error(problem.detail()));
    } else if (cause instanceof DecodeException || cause instanceof ClassCastException) {
      send(ctx, 400, error("the body is not the JSON that is expected here"));
    } else if (ctx.statusCode() == 413) {
      send(ctx, 413, error("message size exceeds the limit"));
    } else {
      ctx.next();
    }
  }

  private static void send(RoutingContext ctx, int status, @Nullable Object value) {
    var response = ctx.response();
    if (response.ended()) {
      return;
    }
    response.setStatusCode(status);
    if (value == null || value.equals("")) {
      response.end();
      return;
    }
    var text = value instanceof JsonObject json ? json.encode()
        : value instanceof JsonArray json ? json.encode() : value.toString();
    response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(text);
  }
}
