package dev.stepcast.api.docs;

import dev.stepcast.schemas.SchemaFiles;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.FileSystemAccess;
import io.vertx.ext.web.handler.StaticHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * {@code /openapi.yaml} and {@code /asyncapi.yaml}, the schema files they refer to below
 * {@code /schemas}, and {@code /docs}, where the first can be read and tried.
 */
public final class DocRoutes {
  private static final String VIEWER = "META-INF/resources/webjars/swagger-ui/5.34.1";
  private static final String POLICY = "default-src 'self'; img-src 'self' data:; "
      + "style-src 'self' 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";
  private static final String YAML = "application/yaml; charset=utf-8";
  private static final String SCHEMAS = "/schemas/";

  /** Adds the routes. */
  public void mount(Router router) {
    serve(router, "/openapi.yaml", "openapi.yaml", YAML);
    serve(router, "/asyncapi.yaml", "asyncapi.yaml", YAML);
    serve(router, "/docs/start.js", "start.js", "text/javascript; charset=utf-8");
    read(router, "/docs").handler(ctx -> {
      if (ctx.normalizedPath().endsWith("/")) {
        page(ctx);
      } else {
        ctx.redirect("/docs/");
      }
    });
    read(router, "/docs/viewer/*")
        .handler(StaticHandler.create(FileSystemAccess.RELATIVE, VIEWER));
    read(router, SCHEMAS + "*").handler(DocRoutes::schema);
  }

  private static Route read(Router router, String path) {
    return router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD);
  }

  private static void page(RoutingContext ctx) {
    ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
        .putHeader("Content-Security-Policy", POLICY).end(read("docs.html"));
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
