package dev.stepcast.api.run;

import dev.stepcast.api.run.Workflows.Known;
import dev.stepcast.platform.Platform;
import dev.stepcast.platform.grant.Grant;
import dev.stepcast.platform.http.HttpDoor;
import dev.stepcast.platform.problem.Problem;
import dev.stepcast.runs.admission.Admission;
import dev.stepcast.runs.control.Runs;
import dev.stepcast.runs.control.Runs.TriggerCommand;
import dev.stepcast.runs.control.Runs.Triggered;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.TriggerAnswer;
import dev.stepcast.schemas.TriggerRequest;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/trigger}: accepts a run, in one round trip to Redis. 202 means that the run is
 * kept and will be run; without an Idempotency-Key or an id of one's own, sending again after a
 * lost answer may start a second run.
 */
final class TriggerRoute {
  private static final int PAYLOAD_BYTES_MAX = 1024 * 1024;
  private static final int REST_BYTES_MAX = 16 * 1024;
  private static final int KEY_MAX = 200;
  private static final String FORWARD = "Stepcast-Forward-";
  private static final Duration GRANT = Duration.ofHours(24);

  private final Platform platform;
  private final Runs runs;
  private final Admission admission;
  private final Workflows workflows;
  private final @Nullable String byDefault;

  /**
   * Triggers through {@code engine}.
   *
   * @param byDefault the workflow that an empty body starts; null refuses it
   */
  TriggerRoute(Platform platform, RunRoutes.Engine engine, Workflows workflows,
      @Nullable String byDefault) {
    this.platform = platform;
    this.runs = engine.runs();
    this.admission = engine.admission();
    this.workflows = workflows;
    this.byDefault = byDefault;
  }

  void mount(Router router) {
    var door = platform.http();
    door.json(router.post("/api/trigger").handler(door::requireToken), "requests/trigger",
        PAYLOAD_BYTES_MAX + REST_BYTES_MAX).handler(this::trigger);
  }

  private void trigger(RoutingContext ctx) {
    admission.check();
    var request = platform.http().body(ctx, TriggerRequest.class);
    var key = idempotencyKey(ctx);
    var wanted = request == null ? defaultRequest() : request;
    HttpDoor.answer(ctx, 202, workflows.find(wanted.workflow())
        .map(found -> found.orElseThrow(() -> unknown().refusal()))
        .compose(workflow -> accept(workflow, filled(workflow, wanted),
            new Beside(key, forwarded(ctx)))));
  }

  /** What a request says beside its body. */
  private record Beside(@Nullable String key, Map<String, String> headers) {}

  private static Map<String, String> forwarded(RoutingContext ctx) {
    var found = new TreeMap<String, String>();
    ctx.request().headers().forEach((name, value) -> {
      if (name.regionMatches(true, 0, FORWARD, 0, FORWARD.length())) {
        found.put(name.substring(FORWARD.length()).toLowerCase(Locale.ROOT), value);
      }
    });
    return found;
  }

  private Future<TriggerAnswer> accept(Known workflow, TriggerRequest request, Beside beside) {
    var payload = request.payload() == null ? RawJson.NULL : request.payload();
    if (payload.bytes() > PAYLOAD_BYTES_MAX) {
      return Future.failedFuture(new Problem(413, "payload-too-large", "The payload is too large",
          "The most is " + PAYLOAD_BYTES_MAX + " bytes.",
          Map.of("bytesMax", PAYLOAD_BYTES_MAX)).refusal());
    }
    var complaint = workflow.complaint(payload);
    return complaint.isPresent() ? Future.failedFuture(complaint.get().refusal())
        : runs.trigger(new TriggerCommand(request, workflow.info().version(), beside.key(),
            beside.headers())).map(this::answer);
  }

  private TriggerAnswer answer(Triggered triggered) {
    return switch (triggered) {
      case Triggered.Accepted(var id, var at) -> new TriggerAnswer(id, at, false, grant(id));
      case Triggered.Deduplicated(var id, var at) -> new TriggerAnswer(id, at, true, grant(id));
      case Triggered.Conflict(var id) -> throw Problem.of(409, "run-conflict",
          "Another request had this id or key",
          "The run " + id + " was triggered differently under the same id or Idempotency-Key.")
          .refusal();
    };
  }

  /** Beyond loopback a page needs a grant to watch its run. */
  private @Nullable String grant(String run) {
    if (platform.config().loopback()) {
      return null;
    }
    return platform.grants().sign(new Grant("run:" + run, UUID.randomUUID().toString(),
        platform.clock().instant().plus(GRANT), Map.of(run, "s")));
  }

  private TriggerRequest defaultRequest() {
    if (byDefault == null) {
      throw Problem.of(400, "workflow-missing", "Which workflow?",
          "Send {\"workflow\":…}, or set TRIGGER_DEFAULT for empty bodies.").refusal();
    }
    return new TriggerRequest(byDefault, null, null, null, null, null, null, null);
  }

  private static TriggerRequest filled(Known workflow, TriggerRequest request) {
    return request.payload() != null ? request
        : new TriggerRequest(request.workflow(), workflow.defaultPayload(),
            request.workflowRunId(), request.delayMs(), request.notBefore(), request.retries(),
            request.labels(), request.flowControl());
  }

  private static @Nullable String idempotencyKey(RoutingContext ctx) {
    var key = ctx.request().getHeader("Idempotency-Key");
    if (key != null && (key.isBlank() || key.length() > KEY_MAX)) {
      throw Problem.of(422, "invalid", "A header cannot be used",
          "Idempotency-Key: want 1 to " + KEY_MAX + " characters.").refusal();
    }
    return key;
  }

  static Problem unknown() {
    return Problem.of(404, "workflow-unknown", "No such workflow",
        "No workflow-service announced it. GET /api/workflows lists those that are there.");
  }
}
