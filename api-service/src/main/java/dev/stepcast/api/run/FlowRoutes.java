package dev.stepcast.api.run;

import dev.stepcast.platform.http.HttpDoor;
import dev.stepcast.runs.flow.FlowBook;
import dev.stepcast.schemas.FlowAnswer;
import dev.stepcast.schemas.FlowKeyList;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** {@code /api/flow}: which flow keys are in use, and how one of them stands. */
record FlowRoutes(HttpDoor door, FlowBook book) {

  void mount(Router router) {
    HttpDoor.query(router.get("/api/flow"), "cursor", "limit").handler(door::requireToken)
        .handler(ctx -> HttpDoor.answer(ctx, 200, list(ctx)));
    router.get("/api/flow/:key").handler(door::requireToken)
        .handler(ctx -> HttpDoor.answer(ctx, 200, one(ctx.pathParam("key"))));
  }

  private Future<FlowKeyList> list(RoutingContext ctx) {
    int limit = ScheduleRoutes.limit(ctx);
    var cursor = ctx.queryParams().get("cursor");
    return book.list(cursor == null || cursor.isEmpty() ? null : cursor, limit)
        .map(page -> new FlowKeyList(page.keys(), page.cursor()));
  }

  private Future<FlowAnswer> one(String key) {
    return book.view(key).map(view -> new FlowAnswer(key, view.active(), view.queued(),
        view.activeCount(), view.queuedCount()));
  }
}
