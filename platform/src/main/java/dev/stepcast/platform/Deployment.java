package dev.stepcast.platform;

import dev.stepcast.platform.config.CommonConfig;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/** The facts that all processes of a deployment must share, kept in Redis. */
final class Deployment {
  private static final Script AGREE = Script.of(Deployment.class, "agree");
  private static final long ASK_EVERY_MS = 100;
  private static final int SECRET_BYTES = 32;

  private Deployment() {}

  /**
   * Waits for Redis, then holds our facts against the deployment's, or makes them its facts.
   *
   * @return the secret that grants are signed with: the configured one, else the deployment's own
   */
  static Future<String> agree(Vertx vertx, RedisLink redis, Keys keys, CommonConfig config,
      Duration within) {
    var key = keys.slotTagged("deployment").key("facts");
    return connected(vertx, redis, within)
        .compose(_ -> redis.send(key, Request.cmd(Command.INFO).arg("memory")))
        .compose(info -> refuseEviction(String.valueOf(info), config))
        .compose(_ -> redis.run(AGREE, List.of(key),
            List.of(config.partitions(), drawnSecret())))
        .map(answer -> {
          if (!answer.get(0).toString().equals("AGREED")) {
            throw new IllegalStateException("PARTITIONS=" + config.partitions()
                + ": this deployment was created with " + answer.get(1)
                + "; it cannot be changed afterwards");
          }
          var own = config.grantSecret();
          return own == null ? answer.get(1).toString() : own;
        });
  }

  private static Future<Void> connected(Vertx vertx, RedisLink redis, Duration within) {
    var promise = Promise.<Void>promise();
    long start = System.nanoTime();
    vertx.setPeriodic(1, ASK_EVERY_MS / 4, timer -> {
      if (redis.up()) {
        vertx.cancelTimer(timer);
        promise.tryComplete();
      } else if (System.nanoTime() - start > within.toNanos()) {
        vertx.cancelTimer(timer);
        promise.tryFail("REDIS_URL: no Redis answered within " + within.toSeconds() + " s");
      }
    });
    return promise.future();
  }

  /** An evicting Redis may drop a run or a lease; it is no store for durable work. */
  private static Future<Void> refuseEviction(String info, CommonConfig config) {
    var policy = info.lines().filter(line -> line.startsWith("maxmemory_policy:"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst().orElse("");
    return policy.isEmpty() || policy.equals("noeviction") || config.evictingRedis()
        ? Future.succeededFuture()
        : Future.failedFuture("REDIS_URL: this Redis has maxmemory-policy " + policy
            + " and may drop runs; set it to noeviction, or EVICTING_REDIS=allow");
  }

  private static String drawnSecret() {
    var bytes = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(bytes);
    return "hex:" + HexFormat.of().formatHex(bytes);
  }
}
