package dev.stepcast.api.run;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.http.HttpDoor;
import dev.stepcast.platform.problem.Problem;
import dev.stepcast.runs.admission.Admission;
import dev.stepcast.runs.control.Bulk;
import dev.stepcast.runs.control.Bulk.Controls;
import dev.stepcast.runs.control.Bulk.Wish;
import dev.stepcast.runs.flow.FlowBook;
import dev.stepcast.runs.store.RunStore.Remade;
import dev.stepcast.schemas.BulkRequest;
import dev.stepcast.schemas.NewRun;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** New runs from old ones, control by filter, notifications, and how flow keys stand. */
final class ControlRoutes {
  private static final int BULK_BYTES_MAX = 16 * 1024;

  private final HttpDoor door;
  private final Controls runs;
  private final Admission admission;
  private final Bulk bulk;
  private final EventRoutes events;
  private final FlowBook flow;

  ControlRoutes(Platform platform, RunRoutes.Engine engine) {
    this.door = platform.http();
    this.runs = engine.controls();
    this.admission = engine.admission();
    this.bulk = new Bulk(runs, engine.queries());
    this.events = new EventRoutes(platform, engine.hooks());
    this.flow = FlowBook.redis(platform.redis(), platform.keys());
  }

  void mount(Router router) {
    router.post("/api/runs/:id/resume").handler(door::requireToken)
        .handler(ctx -> again(ctx, runs::resume));
    router.post("/api/runs/:id/restart").handler(door::requireToken)
        .handler(ctx -> again(ctx, runs::restart));
    for (var wish : Wish.values()) {
      var path = "/api/runs/" + wish.name().toLowerCase(Locale.ROOT);
      var route = HttpDoor.query(router.post(path), "cursor").handler(door::requireToken);
      door.json(route, "requests/bulk", BULK_BYTES_MAX).handler(ctx -> bulk(ctx, wish));
    }
    new FlowRoutes(door, flow).mount(router);
    events.mount(router);
  }

  /** What makes new runs is refused whole: a caller goes on with the same cursor later. */
  private void bulk(RoutingContext ctx, Wish wish) {
    if (wish.makesRuns()) {
      admission.check();
    }
    HttpDoor.answer(ctx, 200, bulk.apply(wish, door.required(ctx, BulkRequest.class).filter(),
        cursor(ctx)));
  }

  private static @Nullable String cursor(RoutingContext ctx) {
    var values = ctx.queryParam("cursor");
    return values.isEmpty() || values.getFirst().isEmpty() ? null : values.getFirst();
  }

  private void again(RoutingContext ctx, Function<String, Future<Remade>> wish) {
    admission.check();
    HttpDoor.answer(ctx, 201, wish.apply(ctx.pathParam("id")).map(remade -> switch (remade) {
      case Remade.Made(var id) -> new NewRun(id);
      case Remade.WrongState() -> throw Problem.of(409, "wrong-state",
          "The run's state does not allow this",
          "Only runs that failed or were canceled are resumed and restarted.").refusal();
      case Remade.Unknown() -> throw Problem.of(404, "run-unknown", "No such run",
          "It was never triggered, or it ended and is no longer kept.").refusal();
    }));
  }
}
