package dev.stepcast.runs.flow;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisFlowBookTest extends FlowBookContract {
  private static final Vertx VERTX = Vertx.vertx();
  private static final RedisLink REDIS = RedisLink.open(VERTX, TestRedis.url(), 1);

  private final Keys keys = new Keys(TestRedis.prefix(), 1);
  private final FlowBook book = FlowBook.redis(REDIS, keys);

  @BeforeAll
  static void connect() {
    await().atMost(20, SECONDS).until(REDIS::up);
  }

  @AfterAll
  static void close() throws Exception {
    REDIS.close().eventually(VERTX::close).toCompletionStage().toCompletableFuture().get(20,
        SECONDS);
  }

  @Override
  FlowBook book() {
    return book;
  }

  /** Instead of waiting: slots were set aside that much earlier. */
  @Override
  void pass(String key, Duration time) throws Exception {
    var script = """
      local scores = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
      for i = 1, #scores, 2 do
        if tonumber(scores[i + 1]) < 0 then
          redis.call('ZINCRBY', KEYS[1], '-' .. ARGV[1], scores[i])
        end
      end""";
    var active = keys.slot(key).key("flow:active", key);
    REDIS.send(active, Request.cmd(Command.EVAL).arg(script).arg(1).arg(active)
        .arg(time.toMillis())).toCompletionStage().toCompletableFuture().get(20, SECONDS);
  }
}
