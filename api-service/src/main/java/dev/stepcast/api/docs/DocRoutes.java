package dev.stepcast.api.docs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.stepcast.api.files.StaticFiles;
import dev.stepcast.schemas.SchemaFiles;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * {@code /openapi.yaml} and {@code /asyncapi.yaml}, the schema files they refer to below
 * {@code /schemas}, {@code /docs}, where the first can be read and tried, and
 * {@code /docs/events}, which shows the second.
 */
public final class DocRoutes {
  private static final String VIEWER = "/META-INF/resources/webjars/swagger-ui/5.34.1/";
  private static final String VIEWED = "/docs/viewer/";
  private static final String POLICY = "default-src 'self'; img-src 'self' data:; "
      + "style-src 'self' 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";
  private static final String YAML = "application/yaml; charset=utf-8";
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final String SCHEMAS = "/schemas/";

  /** Large and seldom asked for: read when it is. */
  private static final class Viewer {
    private static final StaticFiles FILES = StaticFiles.of(VIEWER, "swagger-ui.css",
        "swagger-ui-bundle.js");
    /** So that a page need not read YAML. */
    private static final String CHANNELS = json(DocRoutes.read("asyncapi.yaml"));

    private static String json(String yaml) {
      try {
        return new YAMLMapper().readTree(yaml).toString();
      } catch (JsonProcessingException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Adds the routes. */
  public void mount(Router router) {
    serve(router, "/openapi.yaml", "openapi.yaml", YAML);
    serve(router, "/asyncapi.yaml", "asyncapi.yaml", YAML);
    serve(router, "/docs/start.js", "start.js", SCRIPT);
    serve(router, "/docs/events.js", "events.js", SCRIPT);
    serve(router, "/docs/events.css", "events.css", "text/css; charset=utf-8");
    read(router, "/asyncapi.json").handler(ctx -> ctx.vertx()
        .executeBlocking(() -> Viewer.CHANNELS).onFailure(ctx::fail).onSuccess(json -> ctx
            .response().putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(json)));
    read(router, "/docs/events").handler(ctx -> page(ctx, "events.html"));
    read(router, "/docs").handler(ctx -> {
      if (ctx.normalizedPath().endsWith("/")) {
        page(ctx, "docs.html");
      } else {
        ctx.redirect("/docs/");
      }
    });
    read(router, VIEWED + "*")
        .handler(ctx -> ctx.vertx().executeBlocking(() -> Viewer.FILES).onFailure(ctx::fail)
            .onSuccess(files -> files.answer(ctx,
                ctx.normalizedPath().substring(VIEWED.length()), StaticFiles.REVALIDATE)));
    read(router, SCHEMAS + "*").handler(DocRoutes::schema);
  }

  private static Route read(Router router, String path) {
    return router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD);
  }

  private static void page(RoutingContext ctx, String file) {
    ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
        .putHeader("Content-Security-Policy", POLICY).end(read(file));
  }

  private static void serve(Router router, String path, String file, String type) {
    var text = read(file);
    read(router, path)
        .handler(ctx -> ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, type).end(text));
  }

  private static void schema(RoutingContext ctx) {
    var file = ctx.normalizedPath().substring(SCHEMAS.length());
    if (SchemaFiles.all().contains(file)) {
      ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/schema+json")
          .end(SchemaFiles.read(file));
    } else {
      ctx.fail(404);
    }
  }

  private static String read(String file) {
    try (var in = DocRoutes.class.getResourceAsStream(file)) {
      return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
