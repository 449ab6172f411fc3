package dev.stepcast.realtime.transport;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.channel.ChannelLog.Emit;
import dev.stepcast.platform.channel.ChannelLog.Emitted;
import dev.stepcast.platform.channel.ChannelLog.History;
import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.testing.RedisCluster;
import dev.stepcast.platform.testing.RedisSentinel;
import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/**
 * A master of Redis is killed under clients of both transports on two nodes, a replica takes over,
 * and every event of every client is counted. What the dead one had acknowledged, its replica has:
 * what Redis itself loses is not what is tested.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class MasterDeathTest {
  private static final Duration WITHIN = Duration.ofSeconds(60);
  private static final int MASTERS = 3;

  @Test
  void of_a_cluster() {
    try (var cluster = RedisCluster.start(MASTERS, 1);
        var one = start(cluster.url(), "t");
        var two = start(cluster.url(), "t")) {
      var channels = new ArrayList<String>();
      for (int master = 0; master < MASTERS; master++) {
        channels.add(ownedBy(cluster, master, one));
      }
      var scene = new Scene(one, two, channels);
      scene.emit(5);
      scene.awaitAll();
      cluster.awaitReplicas();
      cluster.kill(0);
      scene.emit(5); // of the dead one's channel: as soon as there is somebody to take them
      cluster.awaitTakeOver(0);
      scene.emit(5);
      scene.awaitAll();
      scene.close();
    }
  }

  @Test
  void behind_sentinel() {
    var prefix = TestRedis.prefix();
    try (var group = RedisSentinel.start(1);
        var one = start(group.url(), prefix);
        var two = start(group.url(), prefix)) {
      var scene = new Scene(one, two, List.of(fresh(), fresh()));
      scene.emit(5);
      scene.awaitAll();
      group.awaitReplica();
      group.killMaster();
      scene.emit(5);
      group.awaitTakeOver();
      scene.emit(5);
      scene.awaitAll();
      scene.close();
    }
  }

  private static RunningNode start(String redisUrl, String prefix) {
    return RunningNode
        .start(Map.of("REDIS_URL", redisUrl, "KEY_PREFIX", prefix, "DRAIN_MS", "100"));
  }

  private static String ownedBy(RedisCluster cluster, int master, RunningNode node) {
    return IntStream.iterate(0, i -> i + 1).mapToObj(i -> "ch-" + i)
        .filter(name -> cluster.owner(
            cluster.slot(node.platform().keys().channel(name))) == master)
        .findFirst().orElseThrow();
  }

  private static String fresh() {
    return "ch-" + UUID.randomUUID();
  }

  /** Two clients of each transport on each channel, one at each node; and what they are owed. */
  private static final class Scene {
    private final RunningNode maker;
    private final Map<String, List<String>> owed = new LinkedHashMap<>();
    private final Map<String, List<Wanderer>> clients = new LinkedHashMap<>();

    Scene(RunningNode one, RunningNode two, List<String> channels) {
      this.maker = one;
      for (var channel : channels) {
        owed.put(channel, new ArrayList<>());
        var listening = new ArrayList<Wanderer>();
        for (var transport : List.of(SseClient.TRANSPORT, SocketClient.TRANSPORT)) {
          listening.add(new Wanderer(transport, Map.of(channel, "0"), one.port(), two.port()));
          listening.add(new Wanderer(transport, Map.of(channel, "0"), two.port(), one.port()));
        }
        clients.put(channel, listening);
      }
    }

    /** So many on each channel, in turns. */
    void emit(int each) {
      for (int i = 0; i < each; i++) {
        owed.forEach((channel, ids) -> ids.add(emit(channel)));
      }
    }

    /** With a key it may be sent again until somebody takes it, and is stored once. */
    private String emit(String channel) {
      var emit = new Emit("note", "{}", UUID.randomUUID().toString());
      return RunningNode.get(maker.platform().redis().insist(WITHIN, () -> append(channel, emit)))
          .id();
    }

    private Future<Emitted> append(String channel, Emit emit) {
      return maker.platform().channels().append(new ChannelName(channel), emit, History.DEFAULT);
    }

    /** Each client has got exactly what it is owed: nothing lost, doubled or out of order. */
    void awaitAll() {
      clients.forEach((channel, listening) -> {
        var ids = owed.getOrDefault(channel, List.of());
        await().atMost(60, SECONDS).until(() -> listening.stream()
            .filter(client -> client.ids().size() < ids.size()).count() == 0);
        assertThat(listening)
            .allSatisfy(client -> assertThat(client.ids()).as("%s", client).isEqualTo(ids));
      });
    }

    void close() {
      clients.values().forEach(all -> all.forEach(Wanderer::close));
    }
  }
}
