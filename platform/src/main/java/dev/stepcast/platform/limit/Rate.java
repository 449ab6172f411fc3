package dev.stepcast.platform.limit;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.problem.Problem;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/**
 * How often something may be done, counted in Redis and by its clock, for all replicas together.
 * What is kept of a name is gone a minute after it was last counted.
 *
 * @param perMinute how often on the long run, a quarter of it at once; 0 for no limit
 */
public record Rate(RedisLink redis, Keys keys, int perMinute) {
  private static final Script TAKE = Script.of(Rate.class, "take");
  private static final int MINUTE_MS = 60_000;

  /**
   * Counts one for {@code who}; fails with the refusal 429 when it is one too many.
   *
   * @param who    whose times these are, beginning with what is limited, such as {@code join:…}
   * @param detail what the refused is told
   */
  public Future<Void> take(String who, String detail) {
    if (perMinute == 0) {
      return Future.succeededFuture();
    }
    return redis.run(TAKE, List.of(keys.slot(who).key("spent", who)),
        List.of(Math.max(1, perMinute / 4), Math.max(1, MINUTE_MS / perMinute))).map(answer -> {
          if (!answer.get(0).toString().equals("TAKEN")) {
            throw Problem.tooOften(detail, Duration.ofMillis(answer.get(1).toLong())).refusal();
          }
          return null;
        });
  }
}
