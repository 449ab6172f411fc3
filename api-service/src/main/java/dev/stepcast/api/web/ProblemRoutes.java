package dev.stepcast.api.web;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** {@code GET /problems/<kind>}: what a problem's type URI leads to, from docs/PROBLEMS.md. */
public final class ProblemRoutes {
  private static final Pattern SECTIONS = Pattern.compile("(?m)(?=^#{2,3} )");
  private static final String HEADING = "### `";

  private final Map<String, String> kinds = new HashMap<>();

  /** Reads the document, which the build puts on the class path. */
  public ProblemRoutes() {
    for (var section : SECTIONS.split(document(), -1)) {
      if (section.startsWith(HEADING)) {
        var kind = section.substring(HEADING.length(), section.indexOf('`', HEADING.length()));
        kinds.put(kind, kind + "\n\n" + section.substring(section.indexOf('\n') + 1).strip()
            + "\n");
      }
    }
  }

  /** Adds the route. */
  public void mount(Router router) {
    router.get("/problems/:kind").handler(this::explain);
  }

  private void explain(RoutingContext ctx) {
    var text = kinds.get(ctx.pathParam("kind"));
    if (text == null) {
      ctx.fail(404);
      return;
    }
    ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8").end(text);
  }

  private static String document() {
    try (var in = ProblemRoutes.class.getResourceAsStream("/docs/PROBLEMS.md")) {
      return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
