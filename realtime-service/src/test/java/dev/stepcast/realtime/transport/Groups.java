package dev.stepcast.realtime.transport;

import dev.stepcast.platform.testing.RedisCluster;
import dev.stepcast.platform.testing.RedisSentinel;
import org.jspecify.annotations.Nullable;

/** A cluster and a group with sentinels, one of each for all tests; they end with the JVM. */
final class Groups {
  static final int MASTERS = 3;
  /** {@code -Dsoak=true} leaves nothing out. */
  static final boolean BRIEF = !Boolean.getBoolean("soak");

  private static @Nullable RedisCluster cluster;
  private static @Nullable RedisSentinel sentinel;

  private Groups() {}

  static synchronized RedisCluster cluster() {
    var known = cluster == null ? RedisCluster.start(MASTERS, 0) : cluster;
    cluster = known;
    return known;
  }

  static synchronized RedisSentinel sentinel() {
    var known = sentinel == null ? RedisSentinel.start(1) : sentinel;
    sentinel = known;
    return known;
  }
}
