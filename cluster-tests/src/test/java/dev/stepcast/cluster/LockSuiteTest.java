package dev.stepcast.cluster;

import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.tests.shareddata.ClusteredAsynchronousLockTest;
import org.junit.Test;

/** See {@link ClusteredAsynchronousLockTest}. */
public class LockSuiteTest extends ClusteredAsynchronousLockTest {
  private final Ours ours = new Ours();

  @Override
  protected ClusterManager getClusterManager() {
    return ours.node();
  }

  @Override
  @Test
  public void testLockReleasedForClosedNode() throws Exception {
    super.testLockReleasedForClosedNode();
  }

  @Override
  @Test
  public void testLockReleasedForKilledNode() throws Exception {
    super.testLockReleasedForKilledNode();
  }
}
