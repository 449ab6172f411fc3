package dev.stepcast.platform.service;

import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.util.Map;

/**
 * One of Stepcast's services, as its host sees it. The host calls {@link #start}, then
 * {@link #routes} once on each HTTP event loop and {@link #warm}, and at the end {@link #drain} and
 * {@link #stop}.
 */
public interface Service {
  /** Its name in logs and messages, such as {@code api-service}. */
  String name();

  /** Opens what it needs. Nothing is served before this has succeeded. */
  Future<Void> start();

  /** Adds its routes to one event loop's router, on that loop. Has none by default. */
  default void routes(Router router) {}

  /**
   * Does to itself what must be quick from the first request on. Called once everything listens,
   * and waited for before this process says that it is ready: a second or two, no more.
   *
   * @param port the public port
   */
  default Future<Void> warm(int port) {
    return Future.succeededFuture();
  }

  /**
   * How loaded it is, as a few numbers by name, such as {@code connections}; shown for this node by
   * {@code GET /api/nodes}. Called on an event loop: counts what is at hand, waits for nothing.
   */
  default Map<String, Long> load() {
    return Map.of();
  }

  /** Lets go of long work (streams, leased runs) within the drain time; new work is refused. */
  default Future<Void> drain() {
    return Future.succeededFuture();
  }

  /** Closes what {@link #start} opened; called once, also after a failed start. */
  Future<Void> stop();
}
