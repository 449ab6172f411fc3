package dev.stepcast.api.v2;

import dev.stepcast.platform.Platform;
import dev.stepcast.runs.delivery.Spec.Kind;
import dev.stepcast.runs.limit.Limits;
import dev.stepcast.runs.schedule.Schedules;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.runs.schedule.Schedules.Action;
import dev.stepcast.runs.schedule.Schedules.Known;
import dev.stepcast.runs.schedule.Schedules.Message;
import dev.stepcast.runs.schedule.Schedules.Plan;
import dev.stepcast.runs.schedule.Schedules.Putting;
import dev.stepcast.schemas.Missed;
import dev.stepcast.schemas.Overlap;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code schedules…}: messages by the clock. */
final class Timetable {
  private static final int PAGE = 200;

  private final Schedules schedules;
  private final Limits limits;
  private final RunStore store;

  Timetable(Platform platform, Limits limits) {
    this.schedules = new Schedules(platform.redis(), platform.keys());
    this.limits = limits;
    this.store = RunStore.redis(platform.redis(), platform.keys(), RunStore.KEPT);
  }

  Future<?> serve(Ask ask) {
    var id = ask.word(1);
    return switch (ask.method() + " " + ask.word(2)) {
      case "PATCH pause", "POST pause" -> found(id, schedules.pause(id));
      case "PATCH resume", "POST resume" -> found(id, schedules.unpause(id));
      case "GET " -> id.isEmpty() ? all(null, new JsonArray()) : get(id);
      case "DELETE " -> found(id, schedules.delete(id));
      default -> ask.method().equals("POST")
          ? put(ask.item(ask.after(1), ask.ctx().request().getHeader("Upstash-Queue-Name")))
          : V2Routes.none(ask);
    };
  }

  private static Future<String> found(String id, Future<Boolean> done) {
    return done.map(was -> {
      if (!was) {
        throw new No(404, "schedule " + id + " not found");
      }
      return "";
    });
  }

  private Future<JsonObject> get(String id) {
    return schedules.find(id).compose(found -> {
      var known = found.filter(one -> shown(one).isPresent())
          .orElseThrow(() -> new No(404, "schedule " + id + " not found"));
      return withLast(known).map(Optional::orElseThrow);
    });
  }

  private Future<JsonArray> all(@Nullable String cursor, JsonArray array) {
    return schedules.list(cursor, PAGE).compose(page -> {
      var shown = page.stream().map(this::withLast).toList();
      return Future.all(shown).compose(_ -> {
        shown.forEach(one -> one.result().ifPresent(array::add));
        return page.size() < PAGE ? Future.succeededFuture(array)
            : all(page.getLast().plan().id(), array);
      });
    });
  }

  /** With what its last message came to; of a group's messages nothing is told. */
  private Future<Optional<JsonObject>> withLast(Known known) {
    var json = shown(known);
    var last = known.run();
    if (json.isEmpty() || last == null) {
      return Future.succeededFuture(json);
    }
    return store.read(last).map(image -> {
      image.ifPresent(found -> json.get().put("lastScheduleStates",
          new JsonObject().put(last, switch (found.state()) {
            case SUCCEEDED -> "SUCCESS";
            case FAILED, CANCELED -> "FAIL";
            default -> "IN_PROGRESS";
          })));
      return json;
    });
  }

  private Future<JsonObject> put(Item item) {
    var cron = item.header("upstash-cron")
        .orElseThrow(() -> new No(400, "Upstash-Cron is missing")).strip();
    var id = item.header("upstash-schedule-id").orElseGet(() -> "scd_" + Messages.drawn());
    if (!id.matches("[A-Za-z0-9_.-]{1,100}")) {
      throw new No(400, "Upstash-Schedule-Id: want letters, digits, and _ - . only");
    }
    var base = Messages.config(item);
    boolean url = Messages.url(item.destination());
    var origin = base.from().bySchedule(id);
    var config = base.withOrigin(url ? origin
        : origin.inGroup(Ask.decoded(item.destination().split("\\?", 2)[0]), null));
    var message = new Message(config, item.message(Kind.MESSAGE),
        Base64.getEncoder().encodeToString(item.body().getBytes()), item.delay().ms(), false);
    var flow = config.from().flow();
    return (flow == null ? Future.<Void>succeededFuture() : limits.published(flow))
        .compose(_ -> schedules.put(new Plan(id, cron, "UTC", Overlap.ALLOW, Missed.ONE,
            Action.send(message)), null))
        .map(putting -> switch (putting) {
          case Putting.Put(var _) -> new JsonObject().put("scheduleId", id);
          case Putting.Unreadable(var member, var complaint) -> throw new No(400,
              "invalid " + member + ": " + complaint);
        });
  }

  /** Schedules of Java workflows are not for these programs. */
  private static Optional<JsonObject> shown(Known known) {
    var message = known.plan().action().message();
    if (message == null) {
      return Optional.empty();
    }
    var spec = message.spec();
    var config = message.config();
    var redacted = Redacted.of(config);
    var plan = known.plan();
    var json = new JsonObject().put("scheduleId", plan.id())
        .put("cron", plan.zone().equals("UTC") ? plan.cron()
            : "CRON_TZ=" + plan.zone() + " " + plan.cron())
        .put("createdAt", known.createdAt()).put("destination", config.url())
        .put("method", spec.method()).put("header", redacted.headers(spec.headers()))
        .put("retries", spec.retries()).put("isPaused", known.paused());
    redacted.putBody(json, "body", Buffer.buffer(Base64.getDecoder().decode(message.body())));
    if (message.delayMs() > 0) {
      json.put("delay", message.delayMs() / 1000);
    }
    Messages.put(json, "retryDelayExpression", spec.retryDelay());
    Messages.put(json, "callback",
        Optional.ofNullable(spec.callback()).map(one -> one.url()).orElse(null));
    Messages.put(json, "failureCallback",
        Optional.ofNullable(spec.failure()).map(one -> one.url()).orElse(null));
    Messages.put(json, "nextScheduleTime", known.next());
    Messages.put(json, "lastScheduleTime", known.last());
    Messages.origin(json, config);
    return Optional.of(json);
  }
}
