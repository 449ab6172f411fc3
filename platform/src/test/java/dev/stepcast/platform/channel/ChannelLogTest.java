package dev.stepcast.platform.channel;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.channel.ChannelLog.Emit;
import dev.stepcast.platform.channel.ChannelLog.Emitted;
import dev.stepcast.platform.channel.ChannelLog.Entry;
import dev.stepcast.platform.channel.ChannelLog.History;
import dev.stepcast.platform.channel.ChannelLog.Limit;
import dev.stepcast.platform.channel.ChannelLog.Quota;
import dev.stepcast.platform.channel.ChannelLog.TooOften;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.pubsub.Subscription;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.schemas.DemoEvents;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
class ChannelLogTest {
  private static final Limit ALL = new Limit(1_000, 1 << 20);

  private final Vertx vertx = Vertx.vertx();
  private final RedisLink redis = RedisLink.open(vertx, TestRedis.url(), 2);
  private final Keys keys = new Keys(TestRedis.prefix(), 16);
  private final ChannelLog log = new ChannelLog(redis, keys);

  @BeforeAll
  void connect() {
    await().atMost(20, SECONDS).until(redis::up);
  }

  @AfterAll
  void close() throws Exception {
    get(redis.close().eventually(vertx::close));
  }

  @Test
  void every_entry_names_the_one_before_it() throws Exception {
    var channel = new ChannelName("chain");
    var ids = new ArrayList<String>(List.of("0-0"));
    for (int i = 0; i < 5; i++) {
      ids.add(emit(channel, "note", null).id());
    }
    var page = get(log.readAfter(channel, "0-0", ALL));
    assertThat(page.tail()).isEqualTo(ids.getLast());
    assertThat(page.entries()).extracting(Entry::id).isEqualTo(ids.subList(1, 6));
    assertThat(page.entries()).extracting(Entry::prev).isEqualTo(ids.subList(0, 5));
  }

  @Test
  void ids_go_on_after_the_history_is_gone() throws Exception {
    var channel = new ChannelName("forgotten");
    var last = emit(channel, "note", null).id();
    get(redis.send(keys.channel("forgotten"),
        Request.cmd(Command.DEL).arg(keys.channel("forgotten"))));
    var next = emit(channel, "note", null).id();
    var page = get(log.readAfter(channel, "0-0", ALL));
    assertThat(page.entries()).singleElement().returns(last, Entry::prev).returns(next, Entry::id);
    assertThat(millis(next)).isGreaterThan(millis(last));
  }

  @Test
  void the_same_key_on_another_channel_is_another_event() throws Exception {
    var oneSlot = new ChannelLog(redis, new Keys(TestRedis.prefix(), 1));
    var first = get(oneSlot.append(new ChannelName("a"), new Emit("note", "{}", "b:c"),
        History.DEFAULT));
    var second = get(oneSlot.append(new ChannelName("a:b"), new Emit("note", "{}", "c"),
        History.DEFAULT));
    assertThat(first.duplicate()).isFalse();
    assertThat(second.duplicate()).isFalse();
  }

  @Test
  void who_emits_too_often_is_told_when_to_come_back_and_a_duplicate_costs_nothing()
      throws Exception {
    var channel = new ChannelName("quota");
    var ada = new Quota(0, 8, "ada");
    for (int i = 0; i < 20; i++) {
      get(log.append(channel, new Emit("note", "{}", "same"), History.DEFAULT, ada));
    }
    get(log.append(channel, new Emit("note", "{}", null), History.DEFAULT, ada));
    var refused = log.append(channel, new Emit("note", "{}", null), History.DEFAULT, ada);
    assertThatThrownBy(() -> get(refused)).cause().isInstanceOfSatisfying(TooOften.class,
        often -> assertThat(often.retryAfter()).isBetween(Duration.ofMillis(1),
            Duration.ofMillis(7_500)));
    get(log.append(channel, new Emit("note", "{}", null), History.DEFAULT,
        new Quota(0, 8, "bob")));
    var all = new Quota(4, 0, "");
    get(log.append(channel, new Emit("note", "{}", null), History.DEFAULT, all));
    assertThatThrownBy(() -> get(log.append(channel, new Emit("note", "{}", null),
        History.DEFAULT, all))).hasCauseInstanceOf(TooOften.class);
    assertThat(get(log.readAfter(channel, "0-0", ALL)).entries()).hasSize(4);
  }

  @Test
  void the_same_key_twice_is_one_event() throws Exception {
    var channel = new ChannelName("once");
    var first = emit(channel, "note", "k1");
    var second = emit(channel, "note", "k1");
    assertThat(second).isEqualTo(new Emitted(first.id(), true));
    assertThat(get(log.readAfter(channel, "0-0", ALL)).entries()).hasSize(1);
  }

  @Test
  void a_page_ends_by_count_or_by_bytes() throws Exception {
    var channel = new ChannelName("pages");
    for (int i = 0; i < 200; i++) {
      emit(channel, "note", null);
    }
    assertThat(get(log.readAfter(channel, "0-0", new Limit(150, 1 << 20))).entries())
        .hasSize(150);
    assertThat(get(log.readAfter(channel, "0-0", new Limit(150, 1))).entries()).hasSize(1);
  }

  @Test
  void listeners_hear_what_is_stored_with_its_id_and_predecessor() throws Exception {
    var channel = new ChannelName("live");
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
    vertx.runOnContext(_ -> subscription.subscribe(keys.channel("live")));
    await().atMost(20, SECONDS).until(() -> acks.contains(keys.channel("live")));
    var first = emit(channel, "note", null).id();
    var second = emit(channel, "note", null).id();
    await().atMost(20, SECONDS).until(() -> heard.size() == 2);
    assertThat(heard).containsExactly(first + " 0-0 note {\"text\":\"ü\"}",
        second + " " + first + " note {\"text\":\"ü\"}");
    get(subscription.close());
  }

  @Test
  void a_whisper_is_heard_and_not_kept() throws Exception {
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
    vertx.runOnContext(_ -> subscription.subscribe(keys.channel("hush")));
    await().atMost(20, SECONDS).until(() -> acks.contains(keys.channel("hush")));
    get(log.whisper(new ChannelName("hush"), DemoEvents.NOTE, new DemoEvents.Note("psst")));
    await().atMost(20, SECONDS).until(() -> heard.size() == 1);
    assertThat(heard).containsExactly("! note {\"text\":\"psst\"}");
    assertThat(get(log.readAfter(new ChannelName("hush"), "0-0", ALL)))
        .isEqualTo(new ChannelLog.Page("0-0", List.of()));
    get(subscription.close());
  }

  private Emitted emit(ChannelName channel, String event,
      @org.jspecify.annotations.Nullable String key) throws Exception {
    return get(log.append(channel, new Emit(event, "{\"text\":\"ü\"}", key), History.DEFAULT));
  }

  private static long millis(String id) {
    return Long.parseLong(id.substring(0, id.indexOf('-')));
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
  }
}
