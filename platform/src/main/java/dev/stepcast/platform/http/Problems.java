package dev.stepcast.platform.http;

import dev.stepcast.platform.problem.Problem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place that turns a failure into an answer. */
final class Problems {
  private static final Logger log = LoggerFactory.getLogger(Problems.class);

  private Problems() {}

  /** Answers {@code ctx}'s failure. A fault that nobody expected gets an incident id. */
  static void answer(RoutingContext ctx) {
    send(ctx.response(), of(ctx));
  }

  /** Sends {@code problem}, unless an answer has begun: then the connection is cut. */
  static void send(HttpServerResponse response, Problem problem) {
    if (response.headWritten()) {
      response.reset();
      return;
    }
    retryAfter(response, problem);
    response.setStatusCode(problem.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store").end(problem.toJson().toBuffer());
  }

  /** Says when to come back, where {@code problem} does. */
  static void retryAfter(HttpServerResponse response, Problem problem) {
    if (problem.extra().get("retryAfterMs") instanceof Long ms) {
      response.putHeader(HttpHeaders.RETRY_AFTER, String.valueOf(Math.max(1, (ms + 999) / 1000)));
    }
  }

  private static Problem of(RoutingContext ctx) {
    var cause = ctx.failure();
    var known = cause == null ? Optional.<Problem>empty() : Problem.in(cause);
    if (known.isPresent()) {
      return known.get();
    }
    if (cause == null || (ctx.statusCode() >= 400 && ctx.statusCode() < 500)) {
      return ofStatus(ctx, ctx.statusCode());
    }
    return internal(ctx, cause);
  }

  /** No such path. */
  static Problem notFound() {
    return Problem.of(404, "not-found", "Nothing is here",
        "No such path. The paths are listed in docs/PROTOCOL.md.");
  }

  private static Problem ofStatus(RoutingContext ctx, int status) {
    return switch (status) {
      case 404 -> notFound();
      case 405 -> Problem.of(405, "method-not-allowed", "Wrong method",
          "This path does not take " + ctx.request().method() + ".");
      case 413 -> tooLarge(ctx.get("bytesMax"));
      case 415 -> Problem.of(415, "media-type", "Wrong content type",
          "Send the body as application/json.");
      default -> Problem.of(status, "bad-request", "The request cannot be read",
          "Check the request line, headers and encoding.");
    };
  }

  private static Problem tooLarge(@Nullable Integer bytesMax) {
    int most = bytesMax == null ? 0 : bytesMax;
    return new Problem(413, "payload-too-large", "The body is too large",
        "The most this path takes is " + most + " bytes.", Map.of("bytesMax", most));
  }

  private static Problem internal(RoutingContext ctx, Throwable cause) {
    var incident = UUID.randomUUID().toString();
    log.atError().addKeyValue("incident", incident)
        .addKeyValue("method", ctx.request().method().name())
        .addKeyValue("route", ctx.currentRoute() == null ? "" : ctx.currentRoute().getPath())
        .setCause(cause).log("request.failed");
    return new Problem(500, "internal", "Something broke on our side",
        "Tell the operator the incident id; the log has the cause.", Map.of("incident", incident));
  }
}
