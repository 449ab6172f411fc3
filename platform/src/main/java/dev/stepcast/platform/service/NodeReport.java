package dev.stepcast.platform.service;

import dev.stepcast.platform.Platform;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this node tells whoever asks for {@code node} on the bus: who it is and how loaded. */
final class NodeReport {
  private static final Logger log = LoggerFactory.getLogger(NodeReport.class);
  private static final String TOPIC = "node";

  private final Platform platform;
  private final List<Service> services;
  private final IntSupplier port;
  private final long startedAt;

  NodeReport(Platform platform, List<Service> services, IntSupplier port) {
    this.platform = platform;
    this.services = services;
    this.port = port;
    this.startedAt = platform.clock().millis();
  }

  /** Answers from now on; start-up does not wait for it. */
  void offer() {
    platform.bus().answer(TOPIC, _ -> Future.succeededFuture(report()));
    platform.bus().hear("draining", news -> log.atInfo()
        .addKeyValue("node", news.getString("node")).log("node.draining"));
  }

  private JsonObject report() {
    var names = new JsonArray();
    var load = new JsonObject();
    for (var service : services) {
      names.add(service.name());
      service.load().forEach(load::put);
    }
    return new JsonObject().put("services", names).put("host", platform.config().host())
        .put("port", port.getAsInt()).put("startedAt", startedAt)
        .put("draining", platform.health().isDraining()).put("load", load);
  }
}
