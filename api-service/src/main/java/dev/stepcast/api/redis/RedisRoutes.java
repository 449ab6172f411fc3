package dev.stepcast.api.redis;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.stepcast.platform.Platform;
import dev.stepcast.platform.http.HttpDoor;
import dev.stepcast.platform.policy.ChannelPolicies;
import dev.stepcast.platform.problem.Problem;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.Wire;
import dev.stepcast.schemas.WireException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * {@code /redis}: the REST protocol of {@code @upstash/redis}, with a token of its own. A command
 * is a JSON array or a path; {@code /pipeline} takes several, {@code /multi-exec} as a transaction,
 * and {@code /subscribe/<channel>} streams. Without REDIS_REST_TOKEN there is no such path.
 */
public final class RedisRoutes {
  private static final String ROOT = "/redis";
  private static final String PATHS = "/redis(?:/.*)?";
  private static final int BEFORE_PROBLEMS = -3;
  private static final int BODY_BYTES_MAX = 8 * 1024 * 1024;
  private static final int COMMANDS_MAX = 1_000;
  private static final TypeReference<List<RawJson>> COMMAND = new TypeReference<>() {};
  private static final TypeReference<List<List<RawJson>>> COMMANDS = new TypeReference<>() {};

  private final HttpDoor door;
  private final Platform platform;
  private final Interpreter interpreter;
  private final @Nullable String token;
  private final List<Streams> streams = new CopyOnWriteArrayList<>();

  /**
   * Speaks for {@code platform}'s channels.
   *
   * @param token what programs must carry; null turns the whole surface off
   */
  public RedisRoutes(Platform platform, ChannelPolicies policies, @Nullable String token) {
    this.door = platform.http();
    this.platform = platform;
    this.token = token;
    this.interpreter = new Interpreter(new OwnKeys(platform.redis(), platform.keys()),
        new Channels(platform.redis(), platform.keys(), platform.channels(), policies));
  }

  /** Adds the routes, unless turned off. */
  public void mount(Router router) {
    if (token == null) {
      return;
    }
    var own = new Streams(platform);
    streams.add(own);
    router.routeWithRegex(PATHS).order(BEFORE_PROBLEMS).failureHandler(this::refuse);
    router.routeWithRegex(PATHS).handler(this::requireToken);
    door.bounded(router.routeWithRegex(PATHS), BODY_BYTES_MAX)
        .handler(ctx -> serve(ctx, own));
  }

  /** Lets go of Redis; programs that listen are cut off with their connections. */
  public void close() {
    streams.forEach(Streams::close);
  }

  private void serve(RoutingContext ctx, Streams streams) {
    var path = path(ctx);
    switch (path) {
      case "pipeline" -> answer(ctx, pipeline(commands(ctx)), replies(ctx));
      case "multi-exec" -> answer(ctx, interpreter.together(commands(ctx)), replies(ctx));
      case String subscribe when subscribe.startsWith("subscribe/") -> streams.open(ctx,
          decoded(raw(ctx).substring((ROOT + "/subscribe/").length())));
      default -> {
        var replies = replies(ctx);
        interpreter.run(command(ctx, path)).onSuccess(value -> send(ctx, 200,
            replies.result(value).encode())).onFailure(ctx::fail);
      }
    }
  }

  private void answer(RoutingContext ctx, Future<? extends List<?>> answers, Replies replies) {
    answers.onSuccess(values -> {
      var array = new JsonArray();
      values.forEach(value -> array.add(replies.result(value)));
      send(ctx, 200, array.encode());
    }).onFailure(ctx::fail);
  }

  /** In order, as Redis gets them; one that fails does not stop the others. */
  private Future<List<@Nullable Object>> pipeline(List<List<Word>> commands) {
    var answers = commands.stream().map(command -> interpreter.run(command)
        .recover(cause -> Replies.refusal(cause)
            ? Future.succeededFuture(new Refused(String.valueOf(cause.getMessage())))
            : Future.failedFuture(cause)))
        .toList();
    return Future.all(answers).map(_ -> answers.stream().<@Nullable Object>map(Future::result)
        .toList());
  }

  private static List<List<Word>> commands(RoutingContext ctx) {
    var commands = Wire.decode(body(ctx), COMMANDS).stream().map(Word::command).toList();
    if (commands.size() > COMMANDS_MAX) {
      throw new Refused("ERR at most " + COMMANDS_MAX + " commands at once");
    }
    return commands;
  }

  /** The body's array; or the path's words, then the body as the last one, then the query's. */
  private static List<Word> command(RoutingContext ctx, String path) {
    if (path.isEmpty()) {
      return Word.command(Wire.decode(body(ctx), COMMAND));
    }
    var words = new ArrayList<Word>();
    Arrays.stream(path.split("/", -1)).map(RedisRoutes::decoded).map(Word::of)
        .forEach(words::add);
    if (ctx.request().method().equals(HttpMethod.POST) && !body(ctx).isEmpty()) {
      words.add(Word.of(body(ctx)));
    }
    ctx.queryParams().forEach(option -> {
      if (!option.getKey().equals("_token")) {
        words.add(Word.of(option.getKey()));
        if (!option.getValue().isEmpty()) {
          words.add(Word.of(option.getValue()));
        }
      }
    });
    return words;
  }

  private static String body(RoutingContext ctx) {
    return ctx.body().buffer() == null ? "" : ctx.body().buffer().toString();
  }

  /** The request's path below our root, still encoded: names may hold slashes of their own. */
  private static String path(RoutingContext ctx) {
    var path = raw(ctx).split("\\?", 2)[0].substring(ROOT.length());
    return path.replaceFirst("^/", "").replaceFirst("/$", "");
  }

  private static String raw(RoutingContext ctx) {
    return ctx.request().uri();
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Refused("ERR the path is not percent-encoded");
    }
  }

  private static Replies replies(RoutingContext ctx) {
    return new Replies("base64".equalsIgnoreCase(ctx.request().getHeader("Upstash-Encoding")));
  }

  private void requireToken(RoutingContext ctx) {
    var header = ctx.request().getHeader(HttpHeaders.AUTHORIZATION);
    var given = header == null ? ctx.request().getParam("_token")
        : header.replaceFirst("(?i)^Bearer ", "");
    if (given != null && MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8),
        String.valueOf(token).getBytes(StandardCharsets.UTF_8))) {
      ctx.next();
    } else {
      send(ctx, 401, replies(ctx).error(new Refused("WRONGPASS invalid or missing auth token"))
          .encode());
    }
  }

  /** Failures in the form that {@code @upstash/redis} reads. */
  private void refuse(RoutingContext ctx) {
    var cause = ctx.failure();
    if (cause != null && (Replies.refusal(cause) || cause instanceof WireException)) {
      send(ctx, 400, replies(ctx).error(cause).encode());
      return;
    }
    var problem = cause == null ? null : Problem.in(cause).orElse(null);
    if (problem != null) {
      send(ctx, problem.status(), replies(ctx).error(new Refused("ERR " + problem.detail()))
          .encode());
    } else if (ctx.statusCode() == 413) {
      send(ctx, 413, replies(ctx).error(new Refused("ERR max request size exceeded")).encode());
    } else {
      ctx.next();
    }
  }

  private static void send(RoutingContext ctx, int status, String json) {
    if (!ctx.response().ended()) {
      ctx.response().setStatusCode(status)
          .putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(json);
    }
  }
}
