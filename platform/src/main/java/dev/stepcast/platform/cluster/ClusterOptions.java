package dev.stepcast.platform.cluster;

import dev.stepcast.platform.keys.Keys;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster may be told. Every node of one cluster must be told the same.
 *
 * @param redisUrl redis://, rediss://, redis+sentinel:// or redis+cluster://
 * @param keys     where its keys lie: one hash tag, so that Redis Cluster serves it as well
 * @param lease    how long a node counts as alive after it was last heard; it is heard three times
 *                 as often. Longer than any pause you accept without the node being given up
 * @param patience how long joining waits for Redis
 * @param secret   what every node knows and no stranger does; null where only friends can reach
 *                 both Redis and the bus
 * @param trusted  names of classes that may be read back from an async map, beyond those that carry
 *                 no code of their own: Java serialization runs what it reads
 */
public record ClusterOptions(String redisUrl, Keys.Slot keys, Duration lease, Duration patience,
    @Nullable String secret, Predicate<String> trusted) {
  private static final Duration LEASE = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int CONNECT_WITHIN_MS = 3_000;
  private static final int PING_EVERY_MS = 5_000;
  private static final int PONG_WITHIN_MS = 5_000;

  /** The defaults: a lease of three seconds, no secret. */
  public static ClusterOptions of(String redisUrl, Keys keys) {
    return new ClusterOptions(redisUrl, keys.slotTagged("cluster"), LEASE, PATIENCE, null,
        EventBus.DEFAULT_SERIALIZABLE_CHECKER::apply);
  }

  /** The same with another lease. */
  public ClusterOptions withLease(Duration other) {
    return new ClusterOptions(redisUrl, keys, other, patience, secret, trusted);
  }

  /** The same with a secret, or without one. */
  public ClusterOptions withSecret(@Nullable String other) {
    return new ClusterOptions(redisUrl, keys, lease, patience, other, trusted);
  }

  /** The same, trusting other classes. */
  public ClusterOptions withTrusted(Predicate<String> other) {
    return new ClusterOptions(redisUrl, keys, lease, patience, secret, other);
  }

  /**
   * How the bus itself is to be opened: on {@code host} only, with limits that notice a dead peer
   * within seconds; and, with a secret, mutual TLS 1.3 in which every node shows a key derived from
   * the secret and accepts no other. Whoever lacks the secret can neither connect to a node nor be
   * connected to.
   *
   * @param host address of this node that the others reach it at
   * @param port 0 takes a free one
   */
  public EventBusOptions bus(String host, int port) {
    var bus = new EventBusOptions().setHost(host).setPort(port)
        .setConnectTimeout(CONNECT_WITHIN_MS).setClusterPingInterval(PING_EVERY_MS)
        .setClusterPingReplyInterval(PONG_WITHIN_MS).setTcpNoDelay(true).setTcpKeepAlive(true);
    if (secret == null) {
      return bus;
    }
    var identity = Identity.of(secret);
    return bus.setSsl(true).setTrustAll(false).setClientAuth(io.vertx.core.http.ClientAuth.REQUIRED)
        .setKeyCertOptions(new PemKeyCertOptions().addKeyValue(identity.key())
            .addCertValue(identity.certificate()))
        .setTrustOptions(new PemTrustOptions().addCertValue(identity.certificate()))
        .setEnabledSecureTransportProtocols(java.util.Set.of("TLSv1.3"));
  }
}
