package dev.stepcast.cluster;

import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.tests.ha.ComplexHATest;

/** See {@link ComplexHATest}. */
public class ComplexFailoverSuiteTest extends ComplexHATest {
  private final Ours ours = new Ours();

  @Override
  protected ClusterManager getClusterManager() {
    return ours.node();
  }
}
