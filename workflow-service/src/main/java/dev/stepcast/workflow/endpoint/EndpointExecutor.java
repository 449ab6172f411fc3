package dev.stepcast.workflow.endpoint;

import dev.stepcast.platform.Platform;
import dev.stepcast.runs.endpoint.Deliveries;
import dev.stepcast.runs.endpoint.EndpointRuns;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/**
 * Runs steps by calling HTTP endpoints, and delivers messages. A node that dies loses none of them:
 * their leases end, and another node makes those deliveries again.
 */
public final class EndpointExecutor {
  private static final long DRAIN_CHECK_MS = 20;

  private final Platform platform;
  private final Poller poller;
  private final boolean on;

  /** Delivers what is due in {@code platform}'s Redis; connects nothing yet. */
  public EndpointExecutor(Platform platform, EndpointConfig config) {
    this.platform = platform;
    this.on = config.currentKey() != null;
    var runs = new EndpointRuns(platform.redis(), platform.keys(), config.engineEvents());
    var deliveries = new Deliveries(platform.redis(), platform.keys(), runs);
    var courier = new Courier(platform, config, deliveries);
    this.poller = new Poller(platform, deliveries, config, courier::deliver);
  }

  /** Begins. */
  public Future<Void> start() {
    var started = Promise.<Void>promise();
    poller.context().runOnContext(_ -> {
      if (on) {
        poller.start();
      }
      started.complete();
    });
    return started.future();
  }

  /** Takes nothing more, and is done when what is under way has been answered. */
  public Future<Void> drain() {
    var drained = Promise.<Void>promise();
    poller.context().runOnContext(_ -> {
      poller.stop();
      platform.vertx().setPeriodic(1, DRAIN_CHECK_MS, timer -> {
        if (poller.underWay() == 0) {
          platform.vertx().cancelTimer(timer);
          drained.tryComplete();
        }
      });
    });
    return drained.future();
  }

  /** Ends; what is still under way is delivered again by another node. */
  public Future<Void> stop() {
    var stopped = Promise.<Void>promise();
    poller.context().runOnContext(_ -> {
      poller.close();
      stopped.complete();
    });
    return stopped.future();
  }
}
