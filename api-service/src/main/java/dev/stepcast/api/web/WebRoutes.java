package dev.stepcast.api.web;

import dev.stepcast.api.files.StaticFiles;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * The pages, from the class path folder {@code web}. Files under {@code assets} have a hash in the
 * name and are kept by browsers for a year; all else is asked for again each time. Paths of the
 * pages' own router get {@code index.html}. Where the pages were not built (no Node), {@code /}
 * says what is missing and how to go on without them.
 */
public final class WebRoutes {
  private static final String POLICY = "default-src 'self'; connect-src 'self' ws: wss:; "
      + "img-src 'self' data:; style-src 'self'; script-src 'self'; base-uri 'none'; "
      + "form-action 'self'; frame-ancestors 'none'; object-src 'none'";
  /** Paths of programs: asked for with the wrong method they answer so, not as a missing file. */
  private static final String PAGES = "/(?!(?:api|v2|redis)(?:/|$)).*";
  private static final String NO_PAGES = """
    Stepcast is running; its pages were not built because there is no Node on the PATH.
    Install Node 20.19 or newer and run "mvn -q -Prun" again, or go on without them:

      curl -s {here}/api/trigger -H 'Content-Type: application/json' \\
        -d '{"workflow":"process-data","payload":{"userId":"user-123","action":"process"}}'
      curl -N '{here}/api/realtime?channel=<workflowRunId>&last_ack_<workflowRunId>=0'
    """;

  private final StaticFiles files = StaticFiles.beside("/web/index.html");

  /** Adds the routes; mount after every other, since it takes what is left of GET and HEAD. */
  public void mount(Router router) {
    if (files.isEmpty()) {
      read(router.route("/")).handler(WebRoutes::sayNoPages);
      return;
    }
    read(router.routeWithRegex(PAGES)).handler(WebRoutes::protect);
    read(router.route("/assets/*")).handler(
        ctx -> files.answer(ctx, ctx.normalizedPath().substring(1), StaticFiles.FOREVER));
    read(router.route("/")).handler(this::page);
    read(router.routeWithRegex("/(?:runs|rooms|console|workflows)(?:/[^.]*)?"))
        .handler(this::page);
    read(router.routeWithRegex(PAGES)).handler(
        ctx -> files.answer(ctx, ctx.normalizedPath().substring(1), StaticFiles.REVALIDATE));
  }

  private void page(RoutingContext ctx) {
    files.answer(ctx, "index.html", StaticFiles.REVALIDATE);
  }

  private static Route read(Route route) {
    return route.method(HttpMethod.GET).method(HttpMethod.HEAD);
  }

  private static void sayNoPages(RoutingContext ctx) {
    var authority = ctx.request().authority();
    var base = authority == null ? "http://localhost:8080"
        : ctx.request().scheme() + "://" + authority;
    ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
        .end(NO_PAGES.replace("{here}", base));
  }

  private static void protect(RoutingContext ctx) {
    ctx.response().putHeader("Content-Security-Policy", POLICY)
        .putHeader("X-Content-Type-Options", "nosniff").putHeader("Referrer-Policy", "no-referrer");
    ctx.next();
  }
}
