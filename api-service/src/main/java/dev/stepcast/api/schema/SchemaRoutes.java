package dev.stepcast.api.schema;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.http.HttpDoor;
import dev.stepcast.platform.problem.Problem;
import dev.stepcast.schemas.SchemaList;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.TreeMap;

/** {@code GET /api/schemas} and {@code GET /api/schemas/{event}}. */
public final class SchemaRoutes {
  private final Platform platform;

  /** Shows {@code platform}'s schemas, the operator's own among them. */
  public SchemaRoutes(Platform platform) {
    this.platform = platform;
  }

  /** Adds the routes. */
  public void mount(Router router) {
    var door = platform.http();
    router.get("/api/schemas").handler(door::requireToken).handler(ctx -> HttpDoor.answer(ctx, 200,
        Future.succeededFuture(
            new SchemaList(new TreeMap<>(platform.schemas().events()).keySet().stream()
                .toList()))));
    router.get("/api/schemas/:event").handler(door::requireToken).handler(this::one);
  }

  private void one(RoutingContext ctx) {
    var schema = platform.schemas().events().get(ctx.pathParam("event"));
    if (schema == null) {
      ctx.fail(Problem.of(404, "event-unknown", "No such event",
          "GET /api/schemas lists the events.").refusal());
      return;
    }
    ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/schema+json")
        .end(schema.toBuffer());
  }
}
