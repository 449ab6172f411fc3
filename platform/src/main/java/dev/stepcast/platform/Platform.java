package dev.stepcast.platform;

import dev.stepcast.platform.bus.Bus;
import dev.stepcast.platform.channel.ChannelLog;
import dev.stepcast.platform.clock.RedisClock;
import dev.stepcast.platform.config.CommonConfig;
import dev.stepcast.platform.grant.Grants;
import dev.stepcast.platform.http.HttpDoor;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.ops.Health;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.schema.SchemaBook;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What every service of a process stands on; in stand-alone mode all of them share one.
 *
 * @param clock the time by Redis' clock: what is told, and when a grant ends. Nobody asks the
 *              machine, whose clock may be wrong. Leases and due times are a script's business
 */
public record Platform(Vertx vertx, CommonConfig config, RedisLink redis, Keys keys,
    ChannelLog channels, SchemaBook schemas, Grants grants, HttpDoor http, Bus bus, Health health,
    PrometheusMeterRegistry metrics, RedisClock clock) {

  private static final int LANES = 4;
  private static final Duration REDIS_WITHIN = Duration.ofSeconds(60);

  /**
   * Connects to Redis and checks that this deployment's facts agree with ours.
   *
   * @return fails when Redis does not come within a minute, evicts keys, or was set up with other
   *     partitions
   */
  public static Future<Platform> open(Vertx vertx, CommonConfig config) {
    var schemas = SchemaBook.open(config.schemasDir());
    var redis = RedisLink.open(vertx, config.redisUrl(), LANES);
    var keys = new Keys(config.keyPrefix(), config.partitions());
    var facts = Deployment.agree(vertx, redis, keys, config, REDIS_WITHIN);
    return facts.compose(_ -> RedisClock.open(vertx, redis, keys.slot(0).head())).map(clock -> {
      var secret = facts.result();
      var health = new Health();
      health.check("redis", () -> redis.up() ? Optional.empty() : Optional.of("no connection"));
      return new Platform(vertx, config, redis, keys, new ChannelLog(redis, keys), schemas,
          new Grants(vertx, secretBytes(secret), clock, config.secureCookies()),
          new HttpDoor(config, schemas), new Bus(vertx), health,
          new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), clock);
    }).onFailure(_ -> redis.close());
  }

  /** Closes the connections. */
  public Future<Void> close() {
    clock.close();
    return redis.close();
  }

  private static byte[] secretBytes(String secret) {
    return secret.startsWith("hex:") ? HexFormat.of().parseHex(secret.substring(4))
        : secret.getBytes(StandardCharsets.UTF_8);
  }
}
