package dev.stepcast.api.v2;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.http.HttpDoor;
import dev.stepcast.platform.problem.Problem;
import dev.stepcast.runs.endpoint.EndpointRuns;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private static final String HOOKS = "workflows/hooks/";

  private final Platform platform;
  private final HttpDoor door;
  private final V2Config config;
  private final Submissions submissions;
  private final Waits waits;
  private final Runs runs;
  private final DeadLetters dead;

  /** Speaks for the runs in {@code platform}'s Redis. */
  public V2Routes(Platform platform, V2Config config) {
    this.platform = platform;
    this.door = platform.http();
    this.config = config;
    var endpoint = new EndpointRuns(platform.redis(), platform.keys(), config.events());
    this.submissions = new Submissions(endpoint, new Messages(endpoint));
    this.waits = new Waits(endpoint);
    this.runs = new Runs(platform, endpoint);
    this.dead = new DeadLetters(platform, endpoint);
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
    var rest = ctx.request().uri().substring("/v2".length()).replaceFirst("^/", "");
    var answer = switch (ctx.request().method().name()) {
      case "POST" -> post(ctx, rest);
      case "GET" -> get(ctx, rest);
      case "DELETE" -> delete(ctx, rest);
      default -> rest.startsWith(HOOKS) ? waits.hook(ctx, path(rest)) : none(rest);
    };
    answer.onSuccess(value -> send(ctx, 200, value)).onFailure(ctx::fail);
  }

  private Future<?> post(RoutingContext ctx, String rest) {
    var path = path(rest);
    return switch (rest.split("[/?]", 2)[0]) {
      case "batch" -> submissions.batch(batch(ctx));
      case "publish" -> submissions.one(item(ctx, rest.substring("publish/".length())));
      case "trigger" -> submissions.trigger(item(ctx, rest.substring("trigger/".length())));
      case "wait" -> submissions.await(item(ctx, ""), decoded(path.substring("wait/".length())));
      case "notify" -> waits.notify(path.substring("notify/".length()), body(ctx));
      case "dlq" -> dead.act(path, ctx.queryParams());
      case "workflows" -> rest.startsWith(HOOKS) ? waits.hook(ctx, path)
          : path.startsWith("workflows/dlq/") ? dead.act(path.substring("workflows/".length()),
              ctx.queryParams()) : none(path);
      default -> none(path);
    };
  }

  private Future<?> get(RoutingContext ctx, String rest) {
    var path = path(rest);
    if (path.startsWith("workflows/runs/")) {
      return runs.messages(decoded(path.substring("workflows/runs/".length())));
    }
    if (path.startsWith("waiters/")) {
      return waits.waiters(decoded(path.substring("waiters/".length())));
    }
    if (rest.startsWith(HOOKS)) {
      return waits.hook(ctx, path);
    }
    return switch (path) {
      case "keys" -> Future.succeededFuture(
          new JsonObject().put("current", config.current()).put("next", config.next()));
      case "workflows/events", "workflows/logs" -> runs.logs(ctx.queryParams());
      case "dlq", "workflows/dlq" -> dead.list(ctx.queryParams());
      case String one when one.startsWith("messages/") -> runs
          .message(decoded(one.substring("messages/".length())));
      default -> none(path);
    };
  }

  private Future<?> delete(RoutingContext ctx, String rest) {
    var path = path(rest);
    if (rest.startsWith(HOOKS)) {
      return waits.hook(ctx, path);
    }
    if (path.startsWith("workflows/runs/")) {
      var id = decoded(path.substring("workflows/runs/".length()));
      return "false".equals(ctx.queryParams().get("cancel"))
          ? runs.finish(id, body(ctx).toString())
          : runs.cancel(List.of(id));
    }
    if (path.startsWith("messages/")) {
      return runs.cancel(List.of(decoded(path.substring("messages/".length()))));
    }
    return switch (path) {
      case "workflows/runs" -> runs.cancel(ctx.queryParams());
      case String one when one.startsWith("workflows/dlq") || one.startsWith("dlq") -> dead
          .delete(one.substring(one.indexOf("dlq")), ctx.queryParams());
      default -> none(path);
    };
  }

  private static Future<?> none(String path) {
    return Future.failedFuture(new No(404, "no such path: /v2/" + path.split("/", 2)[0]
        + "; what is offered is listed in docs/COMPATIBILITY.md"));
  }

  private Item item(RoutingContext ctx, String destination) {
    Map<String, String> headers = new HashMap<>();
    ctx.request().headers().forEach(headers::put);
    return new Item(destination, headers, body(ctx), null);
  }

  private static List<Item> batch(RoutingContext ctx) {
    var items = new ArrayList<Item>();
    for (var member : body(ctx).toJsonArray()) {
      var json = (JsonObject) member;
      Map<String, String> headers = new HashMap<>();
      json.getJsonObject("headers", new JsonObject()).forEach(header -> headers
          .put(header.getKey(), String.valueOf(header.getValue())));
      var body = json.getValue("body");
      items.add(new Item(String.valueOf(json.getString("destination")), headers,
          body == null ? Buffer.buffer() : Buffer.buffer(body.toString()),
          json.getString("queue")));
    }
    return items;
  }

  static Buffer body(RoutingContext ctx) {
    var body = ctx.body().buffer();
    return body == null ? Buffer.buffer() : body;
  }

  private static String path(String rest) {
    return rest.split("\\?", 2)[0];
  }

  /** Names stand in paths as they are, or percent-encoded by whoever built the URL. */
  static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
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
