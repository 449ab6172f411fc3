package dev.stepcast.api.node;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.bus.Bus.Answer;
import dev.stepcast.platform.http.HttpDoor;
import dev.stepcast.platform.problem.Problem;
import dev.stepcast.runs.query.RunQueries;
import dev.stepcast.schemas.Doing;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.WhyAnswer;
import dev.stepcast.schemas.Wire;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
    HttpDoor.answer(ctx, 200, queries.why(ctx.pathParam("id")).compose(found -> {
      var why = found.orElseThrow(() -> Problem.of(404, "run-unknown", "No such run",
          "It was never triggered, or it ended and is no longer kept.").refusal());
      return why.state() == RunState.RUNNING ? doing(why) : Future.succeededFuture(why);
    }));
  }

  private Future<WhyAnswer> doing(WhyAnswer why) {
    var question = new JsonObject().put("run", why.workflowRunId());
    return platform.bus().askEach("run.doing", question, WITHIN)
        .map(answers -> why.with(told(answers)));
  }

  private static @Nullable Doing told(Map<String, Answer> answers) {
    for (var answer : answers.entrySet()) {
      if (answer.getValue() instanceof Answer.Replied(var doing)
          && doing.getBoolean("held", false)) {
        return Wire.decode(doing.copy().put("node", answer.getKey()).encode(), Doing.class);
      }
    }
    return null;
  }
}
