package dev.stepcast.platform;

import dev.stepcast.platform.bus.Bus;
import dev.stepcast.platform.channel.ChannelLog;
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
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What every service of a process stands on; in stand-alone mode all of them share one.
 *
 * @param clock for what is shown to people and for ages; never for leases or due times, which are
 *              Redis' business
 */
public record Platform(Vertx vertx, CommonConfig config, RedisLink redis, Keys keys,
    ChannelLog channels, SchemaBook schemas, Grants grants, HttpDoor http, Bus bus, Health health,
    PrometheusMeterRegistry metrics, Clock clock) {

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
    return Deployment.agree(vertx, redis, keys, config, REDIS_WITHIN).map(secret -> {
      var health = new Health();
      health.check("redis", () -> redis.up() ? Optional.empty() : Optional.of("no connection"));
      return new Platform(vertx, config, redis, keys, new ChannelLog(redis, keys), schemas,
          new Grants(vertx, secretBytes(secret), Clock.systemUTC(), config.secureCookies()),
          new HttpDoor(config, schemas), new Bus(vertx), health,
          new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), Clock.systemUTC());
    }).onFailure(_ -> redis.close());
  }

  /** Closes the connections. */
  public Future<Void> close() {
    return redis.close();
  }

  private static byte[] secretBytes(String secret) {
    return secret.startsWith("hex:") ? HexFormat.of().parseHex(secret.substring(4))
        : secret.getBytes(StandardCharsets.UTF_8);
  }
}
