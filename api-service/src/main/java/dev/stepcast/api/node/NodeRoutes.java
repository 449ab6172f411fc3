package dev.stepcast.api.node;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.bus.Bus.Answer;
import dev.stepcast.platform.http.HttpDoor;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code GET /api/nodes}: every live node with its services and its load, as each tells it within a
 * second. One that does not reply is listed as silent: it may be busy, or about to be given up.
 */
public final class NodeRoutes {
  private static final Duration WITHIN = Duration.ofSeconds(1);

  private final Platform platform;

  /** Asks over {@code platform}'s bus. */
  public NodeRoutes(Platform platform) {
    this.platform = platform;
  }

  /** Adds the route. */
  public void mount(Router router) {
    router.get("/api/nodes").handler(platform.http()::requireToken).handler(this::list);
  }

  private void list(RoutingContext ctx) {
    HttpDoor.answer(ctx, 200, platform.bus().askEach("node", new JsonObject(), WITHIN)
        .map(answers -> Map.of("nodes", nodes(answers))));
  }

  private static List<Map<String, Object>> nodes(Map<String, Answer> answers) {
    var nodes = new ArrayList<Map<String, Object>>();
    answers.forEach((id, answer) -> {
      var node = new LinkedHashMap<String, Object>();
      node.put("node", id);
      node.put("silent", !(answer instanceof Answer.Replied));
      if (answer instanceof Answer.Replied(var report)) {
        node.putAll(Plain.map(report));
      }
      nodes.add(node);
    });
    return nodes;
  }
}
