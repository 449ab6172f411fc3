package dev.stepcast.realtime.transport;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.channel.ChannelLog.Emit;
import dev.stepcast.platform.channel.ChannelLog.History;
import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.embedded.EmbeddedRedis;
import dev.stepcast.platform.testing.FaultProxy;
import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * What happens to a node between Redis and its clients, with every event of every client counted;
 * clients of both transports listen in each test. The node is behind one bad network and has
 * another one in front of it; events are made through a second node that has neither.
 */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class BadDaysTest {
  private static final String BIG = "x".repeat(32 * 1024);

  private final Vertx vertx = Vertx.vertx();
  private EmbeddedRedis redis;
  private FaultProxy behind;
  private FaultProxy before;
  private RunningNode node;
  private RunningNode other;

  @BeforeAll
  void start(@TempDir Path dir) {
    redis = TestRedis.own(0, dir);
    behind = RunningNode.get(FaultProxy.start(vertx, redis.port()));
    var prefix = TestRedis.prefix();
    node = RunningNode.start(Map.of("KEY_PREFIX", prefix, "REDIS_URL",
        "redis://127.0.0.1:" + behind.port()));
    other = RunningNode.start(Map.of("KEY_PREFIX", prefix, "REDIS_URL", redis.url()));
    before = RunningNode.get(FaultProxy.start(vertx, node.port()));
  }

  @AfterAll
  void stop() {
    node.close();
    other.close();
    RunningNode.get(before.close().eventually(behind::close).eventually(vertx::close));
    redis.close();
  }

  @Test
  void connections_to_redis_that_fall_silent_lose_nothing() {
    var channel = fresh();
    var clients = clients(channel, 1, node.port());
    var ids = emit(channel, 3);
    awaitIds(clients, ids);
    behind.strandAll();
    ids.addAll(emit(channel, 20));
    awaitIds(clients, ids);
    close(clients);
  }

  @Test
  void connections_to_redis_that_are_reset_again_and_again_lose_nothing() {
    var channel = fresh();
    var clients = clients(channel, 1, node.port());
    var ids = emit(channel, 3);
    awaitIds(clients, ids);
    for (int round = 0; round < 10; round++) {
      behind.resetAll();
      ids.addAll(emit(channel, 3));
    }
    awaitIds(clients, ids);
    close(clients);
  }

  @Test
  void a_subscription_whose_output_buffer_overflows_loses_nothing() {
    var channel = fresh();
    var clients = clients(channel, 1, node.port());
    var ids = emit(channel, 3);
    awaitIds(clients, ids);
    limitPubsubBuffer("16kb 0 0");
    for (int round = 0; round < 5; round++) {
      ids.add(other.emit(channel, BIG)); // more than the limit: Redis cuts the subscriber
      ids.addAll(emit(channel, 2));
    }
    limitPubsubBuffer("32mb 8mb 60");
    awaitIds(clients, ids);
    close(clients);
  }

  @Test
  void a_slow_redis_and_slow_clients_get_everything_in_order() {
    var channel = fresh();
    var clients = clients(channel, 2, before.port());
    behind.delay(50);
    before.delay(50);
    var ids = emit(channel, 30);
    awaitIds(clients, ids);
    behind.delay(0);
    before.delay(0);
    close(clients);
  }

  @Test
  void clients_reset_in_bursts_lose_and_double_nothing() {
    var channel = fresh();
    var clients = clients(channel, 10, before.port());
    var ids = new ArrayList<String>();
    for (int round = 0; round < 5; round++) {
      ids.addAll(emit(channel, 5));
      before.resetAll();
      ids.addAll(emit(channel, 5));
      awaitIds(clients, ids);
    }
    close(clients);
  }

  @Test
  void clients_in_a_black_hole_come_back_and_get_what_they_missed() {
    var channel = fresh();
    var clients = clients(channel, 3, before.port());
    var ids = emit(channel, 3);
    awaitIds(clients, ids);
    before.strandAll();
    ids.addAll(emit(channel, 10));
    clients.forEach(client -> client.client().cut()); // their watchdogs bark: no ping came
    awaitIds(clients, ids);
    close(clients);
  }

  @Test
  void clients_of_a_killed_process_go_on_at_another_node() {
    var channel = fresh();
    try (var doomed = NodeProcess.start(Map.of("REDIS_URL", redis.url(), "KEY_PREFIX",
        node.platform().keys().prefix()))) {
      var clients = clients(channel, 5, doomed.port(), node.port());
      var ids = emit(channel, 5);
      awaitIds(clients, ids);
      doomed.kill();
      ids.addAll(emit(channel, 20));
      awaitIds(clients, ids);
      close(clients);
    }
  }

  @Test
  void who_lags_past_what_is_kept_is_told_exactly_one_gap() {
    var channel = fresh();
    for (var transport : List.of(SseClient.TRANSPORT, SocketClient.TRANSPORT)) {
      try (var client = new Wanderer(transport, Map.of(channel, ""), node.port())) {
        await().atMost(60, SECONDS).until(() -> !client.client().told("connected").isEmpty());
        client.client().stall(true);
        var ids = new ArrayList<String>();
        for (int i = 0; i < 400; i++) { // past what the kernel holds
          ids.add(other.emit(channel, BIG));
        }
        trim(channel, 10);
        client.client().stall(false);
        await().atMost(60, SECONDS).until(() -> client.ids().contains(ids.getLast()));
        var told = client.client().events();
        int at = (int) told.stream().takeWhile(event -> !isGap(event)).count();
        assertThat(told.stream().filter(BadDaysTest::isGap)).hasSize(1);
        assertThat(told.get(at).getJsonObject("data")).isEqualTo(new JsonObject()
            .put("after", ids.get(at - 1)).put("until", ids.get(389)).put("reason", "trimmed"));
        assertThat(client.ids().subList(0, at)).isEqualTo(ids.subList(0, at));
        assertThat(client.ids().subList(at + 1, told.size())).isEqualTo(ids.subList(390, 400));
      }
    }
  }

  @Test
  void a_long_history_is_read_page_by_page_by_many_at_once() {
    int length = 4_000;
    int readers = 10;
    var channel = fresh();
    var ids = new ArrayList<String>();
    var keep = new History(0, Duration.ofHours(1));
    for (int i = 0; i < length; i += 500) {
      var some = new ArrayList<io.vertx.core.Future<String>>();
      for (int j = 0; j < 500; j++) {
        some.add(other.platform().channels().append(new ChannelName(channel),
            new Emit("note", "{\"text\":\"" + i + "\"}", null), keep).map(e -> e.id()));
      }
      some.forEach(id -> ids.add(RunningNode.get(id)));
    }
    double pages = pages();
    var clients = clients(channel, readers, node.port());
    awaitIds(clients, ids);
    // Of each transport so many readers; a page has 512 events, and the last ones are at hand.
    assertThat(pages() - pages).isLessThanOrEqualTo(2.0 * readers * (length / 512 + 1));
    close(clients);
  }

  @Test
  void while_redis_is_away_a_node_is_not_ready_and_its_streams_stay_open() {
    var channel = fresh();
    var clients = clients(channel, 1, node.port());
    var streams = clients.stream().map(Wanderer::client).toList();
    var ids = emit(channel, 3);
    awaitIds(clients, ids);
    behind.refuse(true);
    behind.cutAll();
    awaitReady(503, "redis: no connection");
    ids.addAll(emit(channel, 3));
    behind.refuse(false);
    awaitReady(200);
    awaitIds(clients, ids);
    assertThat(clients.stream().map(Wanderer::client)).isEqualTo(streams);
    close(clients);
  }

  private void awaitReady(int status, Object... reasons) {
    await().atMost(60, SECONDS).until(() -> {
      var answer = SseClient.answer(node.port(), "/readyz", MultiMap.caseInsensitiveMultiMap());
      return answer.status() == status
          && answer.json().getJsonArray("reasons").getList().equals(List.of(reasons));
    });
  }

  private double pages() {
    return node.platform().metrics().get("realtime_replay_pages_total").counter().count();
  }

  private static boolean isGap(JsonObject event) {
    return "realtime.gap".equals(event.getString("event"));
  }

  private void limitPubsubBuffer(String limit) {
    ask(Request.cmd(Command.CONFIG).arg("SET").arg("client-output-buffer-limit")
        .arg("pubsub " + limit));
  }

  private void trim(String channel, int keep) {
    ask(Request.cmd(Command.XTRIM).arg(node.platform().keys().channel(channel)).arg("MAXLEN")
        .arg("=").arg(keep));
  }

  private void ask(Request request) {
    RunningNode.get(other.platform().redis().send("any", request));
  }

  /** As many of each transport. */
  private List<Wanderer> clients(String channel, int each, int... ports) {
    var all = new ArrayList<Wanderer>();
    for (int i = 0; i < each; i++) {
      all.add(new Wanderer(SseClient.TRANSPORT, Map.of(channel, "0"), ports));
      all.add(new Wanderer(SocketClient.TRANSPORT, Map.of(channel, "0"), ports));
    }
    return all;
  }

  private static void close(List<Wanderer> clients) {
    clients.forEach(Wanderer::close);
  }

  private List<String> emit(String channel, int count) {
    var ids = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      ids.add(other.emit(channel, "n" + i));
    }
    return ids;
  }

  /** Each has got exactly these, in this order: none lost, doubled or out of order. */
  private static void awaitIds(List<Wanderer> clients, List<String> ids) {
    await().atMost(60, SECONDS).until(
        () -> clients.stream().filter(client -> client.ids().size() < ids.size()).count() == 0);
    assertThat(clients).allSatisfy(client -> assertThat(client.ids()).isEqualTo(ids));
  }

  private static String fresh() {
    return "ch-" + UUID.randomUUID();
  }
}
