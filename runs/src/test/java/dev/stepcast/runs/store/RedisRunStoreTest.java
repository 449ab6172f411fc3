package dev.stepcast.runs.store;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.channel.ChannelLog;
import dev.stepcast.platform.channel.ChannelLog.Entry;
import dev.stepcast.platform.channel.ChannelLog.Limit;
import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.Vertx;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisRunStoreTest extends RunStoreContract {
  private static final Vertx VERTX = Vertx.vertx();
  private static final RedisLink REDIS = RedisLink.open(VERTX, TestRedis.url(), 1);

  private final Keys keys = new Keys(TestRedis.prefix(), 1);
  private final RunStore store = RunStore.redis(REDIS, keys, RunStore.KEPT);

  @BeforeAll
  static void connect() {
    await().atMost(20, SECONDS).until(REDIS::up);
  }

  @AfterAll
  static void close() throws Exception {
    get(REDIS.close().eventually(VERTX::close));
  }

  @Override
  RunStore store() {
    return store;
  }

  @Override
  List<String> told(String id) throws Exception {
    return get(new ChannelLog(REDIS, keys).readAfter(new ChannelName(id), "0-0",
        new Limit(100, 1 << 20))).entries().stream().map(Entry::event).toList();
  }
}
