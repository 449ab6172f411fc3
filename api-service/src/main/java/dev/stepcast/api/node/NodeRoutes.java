package dev.stepcast.api.node;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.bus.Bus.Answer;
import dev.stepcast.platform.http.HttpDoor;
import dev.stepcast.schemas.NodeList;
import dev.stepcast.schemas.NodeReport;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.TreeMap;

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
        .map(answers -> new NodeList(answers.entrySet().stream()
            .map(each -> report(each.getKey(), each.getValue())).toList())));
  }

  private static NodeReport report(String node, Answer answer) {
    if (!(answer instanceof Answer.Replied(var told))) {
      return NodeReport.silent(node);
    }
    var services = told.getJsonArray("services", new JsonArray());
    var load = new TreeMap<String, Long>();
    told.getJsonObject("load", new JsonObject())
        .forEach(each -> load.put(each.getKey(), ((Number) each.getValue()).longValue()));
    return new NodeReport(node, false, services.stream().map(String.class::cast).toList(),
        told.getString("host"), told.getInteger("port"), told.getLong("startedAt"),
        told.getBoolean("draining"), load);
  }
}
