package dev.stepcast.cluster;

import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.tests.eventbus.ClusteredEventBusTest;

/** See {@link ClusteredEventBusTest}. */
public class EventBusSuiteTest extends ClusteredEventBusTest {
  private final Ours ours = new Ours();

  @Override
  protected ClusterManager getClusterManager() {
    return ours.node();
  }
}
