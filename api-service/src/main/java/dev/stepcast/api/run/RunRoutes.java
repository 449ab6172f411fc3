package dev.stepcast.api.run;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.bus.Bus;
import dev.stepcast.platform.http.HttpDoor;
import dev.stepcast.platform.limit.Rate;
import dev.stepcast.platform.problem.Problem;
import dev.stepcast.runs.admission.Admission;
import dev.stepcast.runs.catalog.Catalog;
import dev.stepcast.runs.control.Bulk.Controls;
import dev.stepcast.runs.control.Runs;
import dev.stepcast.runs.query.RunQueries;
import dev.stepcast.runs.query.RunQueries.Page;
import dev.stepcast.runs.store.RunStore.Control;
import dev.stepcast.schemas.RunFilter;
import dev.stepcast.schemas.RunHead;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.WorkflowList;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Workflows and runs: list, look, cancel, pause; and {@code POST /api/trigger}. */
public final class RunRoutes {
  private static final int LIMIT = 50;
  private static final int LIMIT_MAX = 200;

  private final HttpDoor door;
  private final Bus bus;
  private final Controls runs;
  private final RunQueries queries;
  private final Workflows workflows;
  private final TriggerRoute trigger;
  private final ControlRoutes control;
  private final ScheduleRoutes schedules;

  /**
   * What the routes ask and tell.
   *
   * @param hooks how often the webhooks of one run may be called
   */
  public record Engine(Runs runs, Controls controls, RunQueries queries, Catalog catalog,
      Admission admission, Rate hooks) {}

  /**
   * Serves {@code engine}.
   *
   * @param byDefault the workflow that an empty trigger starts; null refuses it
   */
  public RunRoutes(Platform platform, Engine engine, @Nullable String byDefault) {
    this.door = platform.http();
    this.bus = platform.bus();
    this.runs = engine.controls;
    this.queries = engine.queries;
    this.workflows = new Workflows(platform.vertx(), engine.catalog, platform.schemas());
    this.trigger = new TriggerRoute(platform, engine, workflows, byDefault);
    this.control = new ControlRoutes(platform, engine);
    this.schedules = new ScheduleRoutes(platform, workflows);
  }

  /** Adds the routes. */
  public void mount(Router router) {
    trigger.mount(router);
    control.mount(router);
    schedules.mount(router);
    router.get("/api/workflows").handler(door::requireToken)
        .handler(ctx -> HttpDoor.answer(ctx, 200, workflows.all().map(WorkflowList::new)));
    HttpDoor.query(router.get("/api/runs"), "state", "workflow", "label", "from", "to", "cursor",
        "limit").handler(door::requireToken).handler(this::list);
    router.get("/api/runs/:id").handler(door::requireToken).handler(this::look);
    router.delete("/api/runs/:id").handler(door::requireToken)
        .handler(ctx -> control(ctx, runs::cancel, false));
    router.post("/api/runs/:id/pause").handler(door::requireToken)
        .handler(ctx -> control(ctx, runs::pause, true));
    router.post("/api/runs/:id/unpause").handler(door::requireToken)
        .handler(ctx -> control(ctx, runs::unpause, false));
  }

  private void list(RoutingContext ctx) {
    var filter = new RunFilter(state(ctx), param(ctx, "workflow"), param(ctx, "label"),
        number(ctx, "from"), number(ctx, "to"));
    var limit = number(ctx, "limit");
    if (limit != null && (limit < 1 || limit > LIMIT_MAX)) {
      throw badParameter("limit", "want 1 to " + LIMIT_MAX).refusal();
    }
    var page = new Page(param(ctx, "cursor"), limit == null ? LIMIT : limit.intValue());
    HttpDoor.answer(ctx, 200, queries.list(filter, page)
        .recover(cause -> Future.failedFuture(cause instanceof IllegalArgumentException
            ? badParameter("cursor", "want the cursor of the page before").refusal()
            : cause)));
  }

  private void look(RoutingContext ctx) {
    HttpDoor.answer(ctx, 200, queries.run(ctx.pathParam("id")).map(RunRoutes::known));
  }

  private void control(RoutingContext ctx, Function<String, Future<Control>> wish,
      boolean pauses) {
    var id = ctx.pathParam("id");
    HttpDoor.answer(ctx, 200, wish.apply(id).compose(control -> switch (control) {
      case DONE -> {
        // Only faster: what a worker writes next tells it the same.
        bus.tell("run.interrupt", new JsonObject().put("run", id).put("paused", pauses));
        yield head(id);
      }
      case UNCHANGED -> head(id);
      case UNKNOWN -> Future.failedFuture(unknown().refusal());
      case WRONG_STATE -> Future.failedFuture(Problem.of(409, "wrong-state",
          "The run's state does not allow this",
          "GET /api/runs/{id} tells the state; only open runs are paused, paused ones unpaused.")
          .refusal());
    }));
  }

  private Future<RunHead> head(String id) {
    return queries.head(id).map(RunRoutes::known);
  }

  private static <T> T known(Optional<T> run) {
    return run.orElseThrow(() -> unknown().refusal());
  }

  private static Problem unknown() {
    return Problem.of(404, "run-unknown", "No such run",
        "It was never triggered, or it ended and is no longer kept.");
  }

  private static @Nullable RunState state(RoutingContext ctx) {
    var text = param(ctx, "state");
    if (text == null) {
      return null;
    }
    return Arrays.stream(RunState.values()).filter(state -> state.name().equals(text)).findFirst()
        .orElseThrow(() -> badParameter("state", "want one of " + Arrays.stream(RunState.values())
            .map(Enum::name).collect(Collectors.joining(", "))).refusal());
  }

  private static @Nullable Long number(RoutingContext ctx, String name) {
    var text = param(ctx, name);
    try {
      return text == null ? null : Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw badParameter(name, "want a whole number").refusal();
    }
  }

  private static @Nullable String param(RoutingContext ctx, String name) {
    var values = ctx.queryParam(name);
    return values.isEmpty() || values.getFirst().isEmpty() ? null : values.getFirst();
  }

  private static Problem badParameter(String name, String want) {
    return Problem.of(400, "bad-parameter", "A parameter of the query cannot be read",
        name + ": " + want + ".");
  }
}
