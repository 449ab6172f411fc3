package dev.stepcast.api.node;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.bus.Bus.Answer;
import dev.stepcast.platform.http.HttpDoor;
import dev.stepcast.platform.problem.Problem;
import dev.stepcast.runs.query.RunQueries;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.RunView;
import dev.stepcast.schemas.StepState;
import dev.stepcast.schemas.StepView;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code GET /api/runs/{id}/why}: why the run stands where it stands. What the store knows is
 * always told; what a worker is doing with it this moment, {@code doing}, only if one says so
 * within a second.
 */
public final class WhyRoute {
  private static final Duration WITHIN = Duration.ofSeconds(1);

  private final Platform platform;
  private final RunQueries queries;

  /** Asks the store through {@code queries}, and the workers over {@code platform}'s bus. */
  public WhyRoute(Platform platform, RunQueries queries) {
    this.platform = platform;
    this.queries = queries;
  }

  /** Adds the route. */
  public void mount(Router router) {
    router.get("/api/runs/:id/why").handler(platform.http()::requireToken).handler(this::why);
  }

  private void why(RoutingContext ctx) {
    HttpDoor.answer(ctx, 200, queries.run(ctx.pathParam("id")).compose(found -> {
      var run = found.orElseThrow(() -> Problem.of(404, "run-unknown", "No such run",
          "It was never triggered, or it ended and is no longer kept.").refusal());
      var why = told(run);
      return run.state() == RunState.RUNNING ? doing(run, why) : Future.succeededFuture(why);
    }));
  }

  private Future<Map<String, Object>> doing(RunView run, Map<String, Object> why) {
    var question = new JsonObject().put("run", run.workflowRunId());
    return platform.bus().askEach("run.doing", question, WITHIN).map(answers -> {
      answers.forEach((node, answer) -> {
        if (answer instanceof Answer.Replied(var doing) && doing.getBoolean("held", false)) {
          var told = Plain.map(doing);
          told.remove("held");
          told.put("node", node);
          why.put("doing", told);
        }
      });
      return why;
    });
  }

  private static Map<String, Object> told(RunView run) {
    var why = new LinkedHashMap<String, Object>();
    why.put("workflowRunId", run.workflowRunId());
    why.put("state", run.state().name());
    why.put("why", sentence(run.state()));
    if (run.dueAt() != null) {
      why.put("dueAt", run.dueAt());
    }
    if (run.error() != null) {
      why.put("error", run.error());
    }
    run.steps().stream().filter(step -> step.state() != StepState.SUCCEEDED).findFirst()
        .ifPresent(step -> why.put("step", step(step)));
    return why;
  }

  private static Map<String, Object> step(StepView step) {
    var told = new LinkedHashMap<String, Object>();
    told.put("index", step.index());
    told.put("name", step.name());
    told.put("type", step.type());
    told.put("state", step.state().name());
    if (!step.attempts().isEmpty()) {
      told.put("attempt", step.attempts().getLast());
    }
    return told;
  }

  private static String sentence(RunState state) {
    return switch (state) {
      case QUEUED -> "It waits for a worker that has its workflow and a free slot.";
      case RUNNING -> "A worker has it; 'doing' tells what it does, if the worker replied.";
      case SLEEPING -> "It sleeps until dueAt.";
      case WAITING -> "It waits for an event, until dueAt at most.";
      case BACKING_OFF -> "Its last attempt failed; the next one is at dueAt.";
      case PAUSED -> "Somebody paused it; it goes on when it is unpaused.";
      case BLOCKED_BY_FLOW -> "Its flow control key has no room for it yet.";
      case SUCCEEDED -> "It ended as it should.";
      case FAILED -> "It ended with the error told here.";
      case CANCELED -> "Somebody canceled it.";
    };
  }
}
