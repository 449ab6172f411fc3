package dev.stepcast.realtime.door;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.bus.Bus.Answer;
import dev.stepcast.platform.http.HttpDoor;
import dev.stepcast.platform.problem.Problem;
import dev.stepcast.schemas.ConnectionsClosed;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/**
 * {@code DELETE /api/realtime/connections?subject=}: closes a subject's connections on all nodes,
 * and tells how many that were. A node that does not reply within two seconds is not counted: what
 * must end for certain is ended by a revocation, which this is not; the browser may come back.
 */
final class Closing {
  private static final Duration WITHIN = Duration.ofSeconds(2);

  private final Platform platform;

  Closing(Platform platform) {
    this.platform = platform;
  }

  void mount(Router router) {
    router.delete("/api/realtime/connections").handler(platform.http()::requireToken)
        .handler(this::close);
  }

  private void close(RoutingContext ctx) {
    var subjects = ctx.queryParam("subject");
    if (subjects.isEmpty() || subjects.getFirst().isEmpty()) {
      throw Problem.of(400, "bad-parameter", "A parameter of the query cannot be read",
          "subject: want whose connections are to be closed.").refusal();
    }
    var question = new JsonObject().put("subject", subjects.getFirst());
    HttpDoor.answer(ctx, 200, platform.bus().askEach("connections.close", question, WITHIN)
        .map(answers -> new ConnectionsClosed(answers.values().stream()
            .mapToLong(answer -> answer instanceof Answer.Replied(var body)
                ? body.getLong("closed", 0L)
                : 0)
            .sum())));
  }
}
