package dev.stepcast.cluster;

import dev.stepcast.platform.cluster.ClusterOnRedis;
import dev.stepcast.platform.cluster.ClusterOptions;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.spi.cluster.ClusterManager;

/** The cluster of one test: its own keys on the shared Redis. */
final class Ours {
  private final ClusterOptions options = ClusterOptions
      .of(TestRedis.url(), new Keys(TestRedis.prefix(), 16)).withTrusted(_ -> true);

  ClusterManager node() {
    return new ClusterOnRedis(options);
  }
}
