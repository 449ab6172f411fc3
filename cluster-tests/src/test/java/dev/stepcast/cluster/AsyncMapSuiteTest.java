package dev.stepcast.cluster;

import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.tests.shareddata.ClusteredAsyncMapTest;

/** See {@link ClusteredAsyncMapTest}. */
public class AsyncMapSuiteTest extends ClusteredAsyncMapTest {
  private final Ours ours = new Ours();

  @Override
  protected ClusterManager getClusterManager() {
    return ours.node();
  }
}
