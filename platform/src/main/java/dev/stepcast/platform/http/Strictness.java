package dev.stepcast.platform.http;

import dev.stepcast.platform.problem.Problem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.regex.Pattern;

/**
 * Holds requests against what the routes take.
 *
 * @param routes those of the router whose requests come here
 */
record Strictness(RouteTable routes) {
  /** The drop-in protocols and pages below other paths take what their clients send. */
  private static final String OURS = "/api/";
  /** What is named back: a name, never a text. */
  private static final Pattern NAME = Pattern.compile("[\\w.-]{1,40}");

  /** Answers a failure; a method that a path does not take with those that it takes. */
  void answer(RoutingContext ctx) {
    if (ctx.statusCode() == 405) {
      var methods = routes.methods(ctx.normalizedPath());
      if (methods.isEmpty()) {
        Problems.send(ctx.response(), Problems.notFound());
        return;
      }
      ctx.response().putHeader(HttpHeaders.ALLOW, String.join(", ", methods));
    }
    Problems.answer(ctx);
  }

  /** Lets through what has no parameter but those of its route, each once. */
  void check(RoutingContext ctx) {
    var query = ctx.request().query();
    if (query != null && !query.isEmpty() && ctx.normalizedPath().startsWith(OURS)) {
      routes.parameters(ctx.request().method(), ctx.normalizedPath())
          .ifPresent(known -> check(ctx, known));
    }
    ctx.next();
  }

  private static void check(RoutingContext ctx, SortedSet<String> known) {
    var given = ctx.queryParams();
    for (var name : given.names()) {
      if (!known.contains(name)) {
        throw refusal((NAME.matcher(name).matches() ? name : "one of them")
            + ": no such parameter, " + (known.isEmpty() ? "this path takes none."
                : "there are " + String.join(", ", known) + "."),
            known);
      }
      if (given.getAll(name).size() > 1) {
        throw refusal(name + ": want to come once.", known);
      }
    }
  }

  private static RuntimeException refusal(String detail, SortedSet<String> known) {
    return new Problem(400, "bad-parameter", "A parameter of the query cannot be read", detail,
        Map.of("parameters", List.copyOf(known))).refusal();
  }
}
