package dev.stepcast.runs.event;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisEventBookTest extends EventBookContract {
  private static final Vertx VERTX = Vertx.vertx();
  private static final RedisLink REDIS = RedisLink.open(VERTX, TestRedis.url(), 1);

  private final EventBook book = EventBook.redis(REDIS, new Keys(TestRedis.prefix(), 1));

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
  EventBook book() {
    return book;
  }
}
