package dev.stepcast.platform.clock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RedisClockTest {
  @Test
  void tells_the_time_of_redis() throws Exception {
    var vertx = Vertx.vertx();
    var redis = RedisLink.open(vertx, TestRedis.url(), 1);
    try {
      Awaitility.await().until(redis::up);
      var clock = get(RedisClock.open(vertx, redis, "k"));
      long before = time(redis);
      long told = clock.millis();
      assertThat(clock.instant().toEpochMilli()).isGreaterThanOrEqualTo(told);
      // Between two answers; a stall of this process makes it be behind for that long, not ahead.
      assertThat(told).isLessThanOrEqualTo(time(redis));
      assertThat(told).isGreaterThan(before - 10_000);
      clock.close();
    } finally {
      get(redis.close().eventually(vertx::close));
    }
  }

  private static long time(RedisLink redis) throws Exception {
    var answer = Objects.requireNonNull(get(redis.send("k", Request.cmd(Command.TIME))));
    return answer.get(0).toLong() * 1_000 + answer.get(1).toLong() / 1_000;
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}
