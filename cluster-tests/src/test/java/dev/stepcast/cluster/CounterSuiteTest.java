package dev.stepcast.cluster;

import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.tests.shareddata.ClusteredSharedCounterTest;

/** See {@link ClusteredSharedCounterTest}. */
public class CounterSuiteTest extends ClusteredSharedCounterTest {
  private final Ours ours = new Ours();

  @Override
  protected ClusterManager getClusterManager() {
    return ours.node();
  }
}
