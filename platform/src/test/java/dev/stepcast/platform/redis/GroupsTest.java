package dev.stepcast.platform.redis;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.channel.ChannelLog;
import dev.stepcast.platform.channel.ChannelLog.Emit;
import dev.stepcast.platform.channel.ChannelLog.Entry;
import dev.stepcast.platform.channel.ChannelLog.History;
import dev.stepcast.platform.channel.ChannelLog.Limit;
import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.pubsub.Subscription;
import dev.stepcast.platform.testing.FaultProxy;
import dev.stepcast.platform.testing.RedisCluster;
import dev.stepcast.platform.testing.RedisSentinel;
import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Servers in groups: a cluster's slots move, a sentinel's master dies. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class GroupsTest {
  private static final Limit ALL = new Limit(1_000, 1 << 20);

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws Exception {
    get(vertx.close());
  }

  @Test
  void a_channel_whose_slot_moves_goes_on_at_its_new_owner() throws Exception {
    try (var cluster = RedisCluster.start(3, 0)) {
      var keys = new Keys("t", 64);
      var link = RedisLink.open(vertx, cluster.url(), 2);
      await().atMost(20, SECONDS).until(link::up);
      var log = new ChannelLog(link, keys);
      var heard = new Heard();
      var subscription = Subscription.open(vertx, link, heard);
      var channels = new ArrayList<ChannelName>();
      for (int i = 0; i < 20; i++) {
        var name = "c" + i;
        channels.add(new ChannelName(name));
        vertx.runOnContext(_ -> subscription.subscribe(keys.channel(name)));
      }
      await().atMost(20, SECONDS).until(() -> heard.acks.size() == 20);
      for (var channel : channels) {
        emit(log, channel);
      }
      await().atMost(20, SECONDS).until(() -> heard.messages.size() == 20);
      int slot = cluster.slot(keys.channel("c3"));
      int from = cluster.owner(slot);
      cluster.move(slot, from, (from + 1) % 3);
      var id = emit(log, channels.get(3));
      assertThat(get(log.readAfter(channels.get(3), "0-0", ALL)).entries())
          .extracting(Entry::id).hasSize(2).contains(id);
      await().atMost(30, SECONDS).until(() -> {
        emit(log, channels.get(3));
        return heard.messages.stream().filter(m -> m.startsWith(keys.channel("c3"))).count() > 1;
      });
      get(subscription.close().eventually(link::close));
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "soak", matches = "true") // the system test has a failover too
  void what_a_dead_master_had_sent_its_replica_is_there_after_the_failover() throws Exception {
    try (var group = RedisSentinel.start(3)) {
      var keys = new Keys("t", 16);
      var link = RedisLink.open(vertx, group.url(), 2);
      await().atMost(20, SECONDS).until(link::up);
      var log = new ChannelLog(link, keys);
      var heard = new Heard();
      var subscription = Subscription.open(vertx, link, heard);
      vertx.runOnContext(_ -> subscription.subscribe(keys.channel("c")));
      await().atMost(20, SECONDS).until(() -> heard.acks.size() == 1);
      var first = emit(log, new ChannelName("c"));
      group.awaitReplica();
      group.killMaster();
      group.awaitTakeOver();
      await().atMost(30, SECONDS).until(() -> link.up() && heard.acks.size() > 1);
      var second = emit(log, new ChannelName("c"));
      assertThat(get(log.readAfter(new ChannelName("c"), "0-0", ALL)).entries())
          .extracting(Entry::id).containsExactly(first, second);
      await().atMost(20, SECONDS).until(() -> heard.messages.size() == 2);
      get(subscription.close().eventually(link::close));
    }
  }

  @Test
  void connections_that_fell_silent_are_replaced() throws Exception {
    var proxy = get(FaultProxy.start(vertx, URI.create(TestRedis.url()).getPort()));
    var keys = new Keys(TestRedis.prefix(), 16);
    var link = RedisLink.open(vertx, "redis://127.0.0.1:" + proxy.port(), 1);
    await().atMost(20, SECONDS).until(link::up);
    var log = new ChannelLog(link, keys);
    var heard = new Heard();
    var subscription = Subscription.open(vertx, link, heard);
    vertx.runOnContext(_ -> subscription.subscribe(keys.channel("c")));
    await().atMost(20, SECONDS).until(() -> heard.acks.size() == 1);
    proxy.strandAll();
    var lost = log.append(new ChannelName("c"), new Emit("note", "{}", null), History.DEFAULT);
    await().atMost(30, SECONDS).until(lost::isComplete);
    assertThat(lost.cause()).isInstanceOf(RedisLink.Unavailable.class);
    await().atMost(30, SECONDS).until(() -> link.up() && heard.acks.size() == 2);
    emit(log, new ChannelName("c"));
    await().atMost(20, SECONDS).until(() -> heard.messages.size() == 1);
    get(subscription.close().eventually(link::close).eventually(proxy::close));
  }

  private static final class Heard implements Subscription.Listener {
    private final List<String> acks = new CopyOnWriteArrayList<>();
    private final List<String> messages = new CopyOnWriteArrayList<>();

    @Override
    public void subscribed(String channel) {
      acks.add(channel);
    }

    @Override
    public void message(String channel, Buffer message) {
      messages.add(channel + " " + message);
    }
  }

  private static String emit(ChannelLog log, ChannelName channel) throws Exception {
    return get(log.append(channel, new Emit("note", "{\"text\":\"x\"}", null),
        History.DEFAULT)).id();
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
  }
}
