package dev.stepcast.platform.http;

import dev.stepcast.platform.config.CommonConfig;
import dev.stepcast.platform.problem.Problem;
import dev.stepcast.platform.schema.SchemaBook;
import dev.stepcast.schemas.Wire;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What every HTTP surface has in common: a router that answers failures with problems, keeps
 * foreign origins out and takes no parameter that a route does not know; bodies that are bounded
 * and held against their schema; the API token.
 */
public final class HttpDoor {
  private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE",
      "OPTIONS", "HEAD");

  private final CommonConfig config;
  private final SchemaBook schemas;

  /** A door for a service so configured. */
  public HttpDoor(CommonConfig config, SchemaBook schemas) {
    this.config = config;
    this.schemas = schemas;
  }

  /** A router on which every failure, also of what is mounted later, is answered as a problem. */
  public Router router(Vertx vertx) {
    var router = Router.router(vertx);
    var strict = new Strictness(new RouteTable(router));
    for (int status : new int[]{400, 404, 405, 406, 413, 415, 500}) {
      router.errorHandler(status, strict::answer);
    }
    router.route().order(-2).failureHandler(strict::answer);
    router.route().order(-1).handler(this::keepForeignOut).handler(strict::check);
    return router;
  }

  /**
   * Makes {@code route}, one below {@code /api/}, take these parameters of the query, each at most
   * once; without this it takes none. Others get 400 {@code bad-parameter} before anything is done:
   * who misspells a filter is not to be answered, or obeyed, without it.
   */
  public static Route query(Route route, String... parameters) {
    RouteTable.takes(route, Set.of(parameters));
    return route;
  }

  /** Makes {@code route} take any query: it reads it by rules of its own. */
  public static Route anyQuery(Route route) {
    RouteTable.takesAnything(route);
    return route;
  }

  /**
   * Makes {@code route} take a JSON body of at most {@code bytesMax} bytes that fits
   * {@code schema}, such as {@code requests/trigger}; else 413, 415, 400 {@code not-json} or 422
   * {@code invalid}. An empty body is let through: {@link #required} refuses it.
   */
  public Route json(Route route, String schema, int bytesMax) {
    return json(route, _ -> schema, bytesMax);
  }

  /** The same, where the body decides which schema it must fit. */
  public Route json(Route route, Function<Buffer, String> schema, int bytesMax) {
    return bounded(route, bytesMax).handler(ctx -> {
      var bytes = ctx.body().buffer();
      if (bytes != null && bytes.length() > 0) {
        if (!isJson(ctx.request())) {
          ctx.fail(415);
          return;
        }
        schemas.check(schema.apply(bytes), bytes);
      }
      ctx.next();
    });
  }

  /** Makes {@code route} read any body of at most {@code bytesMax} bytes; more gets 413. */
  public Route bounded(Route route, int bytesMax) {
    var reader = BodyHandler.create(false).setBodyLimit(bytesMax);
    return route.handler(ctx -> {
      ctx.put("bytesMax", bytesMax);
      reader.handle(ctx);
    });
  }

  /** The checked body as a record; null when there was none. */
  public <T> @Nullable T body(RoutingContext ctx, Class<T> type) {
    var bytes = ctx.body().buffer();
    return bytes == null || bytes.length() == 0 ? null : Wire.decode(bytes.getBytes(), type);
  }

  /** The checked body as a record; 400 {@code body-missing} when there was none. */
  public <T> T required(RoutingContext ctx, Class<T> type) {
    var body = body(ctx, type);
    if (body == null) {
      throw Problem.of(400, "body-missing", "A body is needed",
          "Send a JSON body with Content-Type: application/json.").refusal();
    }
    return body;
  }

  /** Lets through who carries the API token; everybody, where there is none (loopback only). */
  public void requireToken(RoutingContext ctx) {
    var token = config.apiToken();
    if (token == null || carries(ctx.request(), token)) {
      ctx.next();
      return;
    }
    ctx.response().putHeader("WWW-Authenticate", "Bearer");
    ctx.fail(Problem.of(401, "token-required", "The API token is needed",
        "Send Authorization: Bearer <API_TOKEN>.").refusal());
  }

  /** Whether the request carries the API token; never where there is none. */
  public boolean carriesToken(RoutingContext ctx) {
    var token = config.apiToken();
    return token != null && carries(ctx.request(), token);
  }

  /** Answers {@code status} with {@code answer} as JSON once it is there, or its failure. */
  public static <T> void answer(RoutingContext ctx, int status, Future<T> answer) {
    answer.onComplete(done -> {
      if (done.failed()) {
        ctx.fail(done.cause());
      } else if (!ctx.response().closed()) {
        ctx.response().setStatusCode(status)
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
            .putHeader(HttpHeaders.CACHE_CONTROL, "no-store").end(Wire.encode(done.result()));
      }
    });
  }

  /** Says when to come back, where {@code problem} does; for routes with a form of their own. */
  public static void retryAfter(HttpServerResponse response, Problem problem) {
    Problems.retryAfter(response, problem);
  }

  /** Answers a request that HTTP itself could not read: too long a line, too many headers. */
  public static void refuseUnreadable(HttpServerRequest request) {
    var cause = request.decoderResult().cause();
    boolean tooLong = cause instanceof TooLongHttpLineException;
    int status = tooLong ? 414 : cause instanceof TooLongHttpHeaderException ? 431 : 400;
    Problems.send(request.response(), Problem.of(status,
        tooLong ? "uri-too-long" : "bad-request", "The request cannot be read",
        tooLong ? "The request line is over 16 KiB; ask for fewer channels at once."
            : "Check the request line, headers and encoding."));
    request.connection().close();
  }

  /** Answers a request whose body does not come, and ends its connection. */
  public static void refuseSlow(HttpServerRequest request) {
    if (!request.response().headWritten()) {
      Problems.send(request.response(), Problem.of(408, "body-too-slow",
          "The body does not come", "Send the whole body within 30 seconds."));
    }
    request.connection().close();
  }

  private static boolean isJson(HttpServerRequest request) {
    var type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    return type != null && type.split(";", 2)[0].strip().equalsIgnoreCase("application/json");
  }

  private static boolean carries(HttpServerRequest request, String token) {
    var given = request.getHeader(HttpHeaders.AUTHORIZATION);
    return given != null && MessageDigest.isEqual(("Bearer " + token).getBytes(
        StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Without a token any web page could drive a service on loopback: from a foreign origin, or by a
   * name of its own that resolves to loopback. Both are refused. CORS is answered for the allowed.
   */
  private void keepForeignOut(RoutingContext ctx) {
    var request = ctx.request();
    var origin = request.getHeader(HttpHeaders.ORIGIN);
    boolean allowed = origin != null && config.allowedOrigins().contains(origin);
    if (config.apiToken() == null && config.loopback() && !allowed && foreign(request, origin)) {
      ctx.fail(Problem.of(403, "foreign-origin", "Not from here",
          "Without API_TOKEN only pages and programs of this machine are served. "
              + "Name other origins in ALLOWED_ORIGINS.")
          .refusal());
      return;
    }
    if (allowed) {
      permit(ctx, String.valueOf(origin));
    }
    if (allowed && request.method().equals(HttpMethod.OPTIONS)) {
      ctx.response().setStatusCode(204).end();
    } else if (!METHODS.contains(request.method().name())) {
      ctx.fail(405);
    } else {
      ctx.next();
    }
  }

  private static void permit(RoutingContext ctx, String origin) {
    ctx.response().putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
        .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true")
        .putHeader(HttpHeaders.VARY, "Origin")
        .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, PATCH, DELETE")
        .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS,
            "Authorization, Content-Type, Idempotency-Key, Cache-Control, Last-Event-ID")
        .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, "600");
  }

  private static boolean foreign(HttpServerRequest request, @Nullable String origin) {
    var authority = request.authority();
    if (authority == null || !Loopback.isName(authority.host())) {
      return true;
    }
    return origin != null && !origin.toLowerCase(Locale.ROOT)
        .matches("https?://" + Pattern.quote(
            authority.toString().toLowerCase(Locale.ROOT)));
  }
}
