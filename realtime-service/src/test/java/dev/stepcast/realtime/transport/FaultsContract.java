package dev.stepcast.realtime.transport;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.testing.FaultProxy;
import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.realtime.transport.Client.Transport;
import io.micrometer.core.instrument.Gauge;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What breaks, with everything counted. {@code -Dsoak=true} runs it at its full size. */
abstract class FaultsContract {
  private static final boolean SOAK = Boolean.getBoolean("soak");

  private final Transport transport;

  FaultsContract(Transport transport) {
    this.transport = transport;
  }

  @Test
  void a_redis_that_crashes_and_comes_back_loses_no_acknowledged_event(@TempDir Path dir) {
    var redis = TestRedis.own(0, dir, "--appendfsync", "always");
    int port = redis.port();
    var variables = Map.of("REDIS_URL", redis.url(), "KEY_PREFIX", TestRedis.prefix());
    var channel = fresh();
    try (var node = RunningNode.start(variables);
        var client = new Wanderer(transport, Map.of(channel, "0"), node.port())) {
      var ids = emit(node, channel, 5);
      for (int round = 0; round < 2; round++) {
        redis.kill();
        redis = TestRedis.own(port, dir, "--appendfsync", "always");
        await().atMost(30, SECONDS).until(() -> node.platform().redis().up());
        ids.addAll(emit(node, channel, 5));
      }
      awaitIds(List.of(client), ids);
    } finally {
      redis.close();
    }
  }

  @Test
  void who_stops_reading_lags_in_bounded_memory_and_catches_up() {
    var channel = fresh();
    try (var node = start();
        var slow = new Wanderer(transport, Map.of(channel, "0"), node.port());
        var quick = new Wanderer(transport, Map.of(channel, "0"), node.port())) {
      emit(node, channel, 1);
      awaitCount(List.of(slow, quick), 1);
      slow.client().stall(true);
      var big = "x".repeat(32 * 1024);
      var ids = new ArrayList<>(quick.ids());
      for (int i = 0; i < (SOAK ? 900 : 400); i++) {
        ids.add(node.emit(channel, big));
      }
      awaitIds(List.of(quick), ids);
      assertThat(gauge(node, "realtime_backlog_bytes")).isLessThan(512 * 1024);
      slow.client().stall(false);
      awaitIds(List.of(slow), ids);
    }
  }

  @Test
  void a_storm_of_clients_comes_back_without_loss_or_a_storm_on_redis() {
    var channel = fresh();
    try (var node = start()) {
      var proxy = RunningNode.get(FaultProxy.start(Vertx.vertx(), node.port()));
      // Through the proxy a client takes four descriptors of the 20,000 that a process may have.
      var clients = clients(SOAK ? 5_000 : 200, channel, SOAK ? node.port() : proxy.port());
      var ids = emit(node, channel, 20);
      awaitCount(clients, 20);
      double pages = node.platform().metrics().get("realtime_replay_pages_total").counter().count();
      for (int round = 0; round < 3; round++) {
        ids.addAll(emit(node, channel, 10));
        proxy.cutAll();
        clients.stream().filter(_ -> SOAK).forEach(client -> client.client().cut());
        ids.addAll(emit(node, channel, 10));
      }
      awaitIds(clients, ids);
      assertThat(node.platform().metrics().get("realtime_replay_pages_total").counter().count()
          - pages).isLessThan(100);
      clients.forEach(Wanderer::close);
      RunningNode.get(proxy.close());
    }
  }

  @Test
  void a_rolling_restart_of_two_nodes_loses_and_doubles_nothing() {
    var channel = fresh();
    var variables = Map.of("REDIS_URL", TestRedis.url(), "KEY_PREFIX", TestRedis.prefix(),
        "DRAIN_MS", "3000");
    try (var one = RunningNode.start(variables); var two = RunningNode.start(variables)) {
      var clients = clients(SOAK ? 2_000 : 100, channel, one.port(), two.port());
      var ids = emit(two, channel, 5);
      awaitCount(clients, 5);
      one.stop();
      ids.addAll(emit(two, channel, 20));
      awaitIds(clients, ids);
      assertThat(clients).allMatch(client -> !client.client().ended());
      clients.forEach(Wanderer::close);
    }
  }

  @Test
  void clients_of_a_dead_node_go_on_at_another() {
    var channel = fresh();
    var variables = Map.of("REDIS_URL", TestRedis.url(), "KEY_PREFIX", TestRedis.prefix());
    try (var one = RunningNode.start(variables); var two = RunningNode.start(variables)) {
      var proxy = RunningNode.get(FaultProxy.start(Vertx.vertx(), one.port()));
      var clients = clients(20, channel, proxy.port(), two.port());
      var ids = emit(two, channel, 5);
      awaitCount(clients, 3);
      proxy.refuse(true);
      proxy.cutAll();
      ids.addAll(emit(two, channel, 20));
      awaitIds(clients, ids);
      clients.forEach(Wanderer::close);
      RunningNode.get(proxy.close());
    }
  }

  @Test
  void nothing_is_left_behind_by_those_who_came_and_went() {
    try (var node = start()) {
      for (int round = 0; round < (SOAK ? 100 : 4); round++) {
        var clients = new ArrayList<Client>();
        for (int i = 0; i < 50; i++) {
          clients.add(transport.connect(node.port(), Map.of("c" + (i % 7), ""), ""));
        }
        await().atMost(30, SECONDS).until(() -> clients.stream()
            .allMatch(client -> !client.told("connected").isEmpty()));
        clients.forEach(Client::close);
      }
      await().atMost(60, SECONDS).until(() -> gauge(node, "realtime_connections") == 0
          && gauge(node, "realtime_channels") == 0);
    }
  }

  private RunningNode start() {
    return RunningNode.start(Map.of("REDIS_URL", TestRedis.url(), "KEY_PREFIX",
        TestRedis.prefix()));
  }

  private List<Wanderer> clients(int count, String channel, int... ports) {
    var clients = new ArrayList<Wanderer>();
    for (int i = 0; i < count; i++) {
      clients.add(new Wanderer(transport, Map.of(channel, "0"), ports));
    }
    return clients;
  }

  private static List<String> emit(RunningNode node, String channel, int count) {
    var ids = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      ids.add(node.emit(channel, "n" + i));
    }
    return ids;
  }

  private static double gauge(RunningNode node, String name) {
    return node.platform().metrics().find(name).gauges().stream().mapToDouble(Gauge::value).sum();
  }

  private static void awaitCount(List<Wanderer> clients, int count) {
    // Looks at each of them, and does not stop at the first: looking is what brings them back.
    await().atMost(SOAK ? 300 : 60, SECONDS).until(
        () -> clients.stream().filter(client -> client.ids().size() < count).count() == 0);
  }

  /** Each has got exactly these, in this order. */
  private static void awaitIds(List<Wanderer> clients, List<String> ids) {
    try {
      awaitCount(clients, ids.size());
    } catch (ConditionTimeoutException e) {
      assertThat(clients).allSatisfy(client -> assertThat(client.ids()).as("%s", client)
          .isEqualTo(ids));
    }
    assertThat(clients).allSatisfy(client -> assertThat(client.ids()).isEqualTo(ids));
  }

  private static String fresh() {
    return "ch-" + UUID.randomUUID();
  }
}
