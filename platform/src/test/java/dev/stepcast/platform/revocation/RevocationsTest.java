package dev.stepcast.platform.revocation;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.pubsub.Subscription;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class RevocationsTest {
  private final Vertx vertx = Vertx.vertx();
  private final RedisLink redis = RedisLink.open(vertx, TestRedis.url(), 2);
  private final Keys keys = new Keys(TestRedis.prefix(), 16);
  private final Revocations revocations = new Revocations(redis, keys);

  @BeforeAll
  void connect() {
    await().atMost(20, SECONDS).until(redis::up);
  }

  @AfterAll
  void close() throws Exception {
    get(redis.close().eventually(vertx::close));
  }

  @Test
  void a_revocation_is_kept_and_rung_on_the_channel() throws Exception {
    var heard = new CopyOnWriteArrayList<String>();
    var acks = new CopyOnWriteArrayList<String>();
    var subscription = Subscription.open(vertx, redis, new Subscription.Listener() {
      @Override
      public void subscribed(String name) {
        acks.add(name);
      }

      @Override
      public void message(String name, Buffer message) {
        heard.add(message.toString());
      }
    });
    vertx.runOnContext(_ -> subscription.subscribe(keys.channel("x")));
    await().atMost(20, SECONDS).until(() -> !acks.isEmpty());
    get(revocations.revoke(new ChannelName("x"), "mem 1", Duration.ofMinutes(1)));
    await().atMost(20, SECONDS).until(() -> !heard.isEmpty());
    assertThat(Revocations.rung(heard.getFirst())).contains("mem 1");
    assertThat(get(revocations.of(new ChannelName("x")))).containsExactly("mem 1");
    assertThat(get(revocations.of(new ChannelName("y")))).isEmpty();
    get(subscription.close());
  }

  @Test
  void it_is_forgotten_when_no_grant_can_be_left() throws Exception {
    get(revocations.revoke(new ChannelName("z"), "mem_1", Duration.ofMillis(200)));
    await().atMost(20, SECONDS)
        .until(() -> get(revocations.of(new ChannelName("z"))).isEmpty());
  }

  @Test
  void an_event_is_no_ring() {
    assertThat(Revocations.rung("1-0 0-0 note {}")).isEqualTo(Optional.empty());
    assertThat(Revocations.rung("! note {}")).isEqualTo(Optional.empty());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
  }
}
