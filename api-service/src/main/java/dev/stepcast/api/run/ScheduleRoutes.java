package dev.stepcast.api.run;

import dev.stepcast.api.run.Workflows.Known;
import dev.stepcast.platform.Platform;
import dev.stepcast.platform.http.HttpDoor;
import dev.stepcast.platform.problem.Problem;
import dev.stepcast.runs.schedule.Schedules;
import dev.stepcast.runs.schedule.Schedules.Action;
import dev.stepcast.runs.schedule.Schedules.Plan;
import dev.stepcast.runs.schedule.Schedules.Putting;
import dev.stepcast.schemas.Missed;
import dev.stepcast.schemas.Overlap;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.ScheduleList;
import dev.stepcast.schemas.ScheduleRequest;
import dev.stepcast.schemas.ScheduleView;
import dev.stepcast.schemas.TriggerRequest;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code /api/schedules}: what is run by the clock. */
final class ScheduleRoutes {
  private static final int BYTES_MAX = 1024 * 1024;
  private static final int ID_BITS = 130;
  private static final int LIMIT = 50;
  private static final int LIMIT_MAX = 200;

  private final HttpDoor door;
  private final Schedules schedules;
  private final Workflows workflows;
  private final SecureRandom random = new SecureRandom();

  ScheduleRoutes(Platform platform, Workflows workflows) {
    this.door = platform.http();
    this.schedules = new Schedules(platform.redis(), platform.keys());
    this.workflows = workflows;
  }

  void mount(Router router) {
    door.json(router.post("/api/schedules").handler(door::requireToken), "requests/schedule",
        BYTES_MAX).handler(this::put);
    HttpDoor.query(router.get("/api/schedules"), "cursor", "limit").handler(door::requireToken)
        .handler(this::list);
    router.get("/api/schedules/:id").handler(door::requireToken)
        .handler(ctx -> HttpDoor.answer(ctx, 200, find(ctx.pathParam("id"))));
    router.delete("/api/schedules/:id").handler(door::requireToken).handler(this::delete);
    router.post("/api/schedules/:id/pause").handler(door::requireToken)
        .handler(ctx -> move(ctx, schedules::pause));
    router.post("/api/schedules/:id/unpause").handler(door::requireToken)
        .handler(ctx -> move(ctx, schedules::unpause));
  }

  private void put(RoutingContext ctx) {
    var asked = door.required(ctx, ScheduleRequest.class);
    HttpDoor.answer(ctx, 201, workflows.find(asked.workflow())
        .map(found -> found.orElseThrow(() -> TriggerRoute.unknown().refusal()))
        .compose(workflow -> schedules.put(plan(asked, workflow), asked.paused()))
        .map(putting -> switch (putting) {
          case Putting.Put(var schedule) -> view(schedule);
          case Putting.Unreadable(var member, var complaint) -> throw Problem
              .invalid("/" + member, complaint).refusal();
        }));
  }

  private Plan plan(ScheduleRequest asked, Known workflow) {
    var payload = asked.payload() == null ? workflow.defaultPayload() : asked.payload();
    workflow.complaint(payload).ifPresent(problem -> {
      throw problem.refusal();
    });
    var trigger = new TriggerRequest(asked.workflow(), payload, null, null, null, asked.retries(),
        asked.labels(), asked.flowControl());
    var id = asked.scheduleId();
    return new Plan(id == null ? "sch_" + drawn() : id, asked.cron(),
        asked.zone() == null ? "UTC" : asked.zone(),
        asked.overlap() == null ? Overlap.SKIP : asked.overlap(),
        asked.missed() == null ? Missed.ONE : asked.missed(),
        Action.run(trigger, workflow.info().version()));
  }

  private String drawn() {
    return String.format("%26s", new BigInteger(ID_BITS, random).toString(32)).replace(' ', '0');
  }

  private void list(RoutingContext ctx) {
    int limit = limit(ctx);
    var cursor = ctx.queryParams().get("cursor");
    HttpDoor.answer(ctx, 200, schedules.list(cursor == null || cursor.isEmpty() ? null : cursor,
        limit).map(
            found -> new ScheduleList(found.stream().map(ScheduleRoutes::view).toList(),
                found.size() < limit ? null : found.getLast().plan().id())));
  }

  /** The most that a page may hold, as asked for. */
  static int limit(RoutingContext ctx) {
    var text = Optional.ofNullable(ctx.queryParams().get("limit")).orElse(String.valueOf(LIMIT));
    if (!text.matches("\\d{1,3}") || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > LIMIT_MAX) {
      throw Problem.of(400, "bad-parameter", "A parameter of the query cannot be read",
          "limit: want 1 to " + LIMIT_MAX + ".").refusal();
    }
    return Integer.parseInt(text);
  }

  private void delete(RoutingContext ctx) {
    schedules.delete(ctx.pathParam("id")).onFailure(ctx::fail).onSuccess(there -> {
      if (there) {
        ctx.response().setStatusCode(204).end();
      } else {
        ctx.fail(unknown());
      }
    });
  }

  private void move(RoutingContext ctx, Function<String, Future<Boolean>> wish) {
    var id = ctx.pathParam("id");
    HttpDoor.answer(ctx, 200, wish.apply(id).compose(_ -> find(id)));
  }

  private Future<ScheduleView> find(String id) {
    return schedules.find(id)
        .map(found -> view(found.orElseThrow(ScheduleRoutes::unknown)));
  }

  private static RuntimeException unknown() {
    return Problem.of(404, "schedule-unknown", "No such schedule",
        "It was never made, or it was deleted.").refusal();
  }

  private static ScheduleView view(Schedules.Known known) {
    var plan = known.plan();
    var trigger = plan.action().trigger();
    return new ScheduleView(plan.id(), plan.cron(), plan.zone(),
        trigger == null ? null : trigger.workflow(), url(plan), plan.overlap(), plan.missed(),
        known.paused(), known.createdAt(), known.paused() ? null : known.next(), known.last(),
        known.run(), known.fired(), known.skipped());
  }

  private static @Nullable String url(Plan plan) {
    var message = plan.action().message();
    if (message == null) {
      return null;
    }
    var own = message.spec().url();
    return own == null ? message.config().url() : own;
  }
}
