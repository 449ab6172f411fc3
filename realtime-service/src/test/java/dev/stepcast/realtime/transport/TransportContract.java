package dev.stepcast.realtime.transport;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.revocation.Revocations;
import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.realtime.transport.Client.Transport;
import dev.stepcast.schemas.DemoEvents;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.condition.DisabledIf;

/** What every transport promises: each event once, in order, or a gap. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class TransportContract {
  private final Transport transport;
  RunningNode node;

  TransportContract(Transport transport) {
    this.transport = transport;
  }

  @BeforeAll
  void startNode() {
    node = RunningNode.start(Map.of("REDIS_URL", redisUrl(), "KEY_PREFIX", TestRedis.prefix()));
  }

  /** What the node stands on. */
  String redisUrl() {
    return TestRedis.url();
  }

  /** Whether what is the same on every kind of Redis, and takes seconds, is left out. */
  boolean brief() {
    return false;
  }

  /** Cuts every subscription, as an operator can. */
  void killSubscriptions() {
    redis(Request.cmd(Command.CLIENT).arg("KILL").arg("TYPE").arg("pubsub"));
  }

  @AfterAll
  void stopNode() {
    node.close();
  }

  @Test
  void a_listener_hears_every_event_once_and_in_order() {
    var channel = fresh();
    try (var client = connect(Map.of(channel, ""))) {
      awaitConnected(client, 1);
      var ids = emit(channel, 50);
      awaitIds(client, ids);
    }
  }

  @Test
  void who_comes_late_with_ack_0_gets_all_that_is_kept() {
    var channel = fresh();
    var ids = emit(channel, 30);
    try (var client = connect(Map.of(channel, "0"))) {
      awaitIds(client, ids);
      ids.addAll(emit(channel, 5));
      awaitIds(client, ids);
    }
  }

  @Test
  void who_comes_without_an_ack_hears_only_what_follows() {
    var channel = fresh();
    emit(channel, 3);
    try (var client = connect(Map.of(channel, ""))) {
      awaitConnected(client, 1);
      awaitIds(client, emit(channel, 2));
    }
  }

  @Test
  void an_ack_in_milliseconds_includes_that_millisecond() {
    var channel = fresh();
    var ids = emit(channel, 6);
    var third = ids.get(2).substring(0, 13);
    var expected = ids.stream().filter(id -> id.compareTo(third) >= 0).toList();
    try (var client = connect(Map.of(channel, third))) {
      awaitIds(client, expected);
    }
  }

  @Test
  void an_ack_by_id_excludes_that_event() {
    var channel = fresh();
    var ids = emit(channel, 6);
    try (var client = connect(Map.of(channel, ids.get(2)))) {
      awaitIds(client, ids.subList(3, 6));
    }
  }

  @Test
  @DisabledIf("brief")
  void a_malformed_or_future_ack_means_now() {
    var acks = List.of("garbage", "-", "1-", "9".repeat(41), "99999999999999", "1-2-3", "١-0");
    for (var ack : acks) {
      var channel = fresh();
      emit(channel, 2);
      try (var client = connect(Map.of(channel, ack))) {
        awaitConnected(client, 1);
        awaitIds(client, emit(channel, 1));
      }
    }
  }

  @Test
  void connected_tells_the_start_position_of_each_channel() {
    var one = fresh();
    var other = fresh();
    var ids = emit(one, 3);
    var acks = new LinkedHashMap<String, String>();
    acks.put(one, ids.get(1));
    acks.put(other, "0");
    try (var client = connect(acks)) {
      awaitConnected(client, 2);
      assertThat(client.frames().subList(0, 2)).extracting(frame -> frame.getString("cursor"))
          .containsExactlyInAnyOrder(ids.get(1), "0-0");
    }
  }

  @Test
  void a_cut_client_resumes_behind_the_last_event_it_got() {
    var one = fresh();
    var other = fresh();
    var acks = new LinkedHashMap<String, String>();
    acks.put(one, "");
    acks.put(other, "");
    var heard = new ArrayList<String>();
    var expected = new ArrayList<String>();
    var client = connect(acks);
    awaitConnected(client, 2);
    for (int round = 0; round < 5; round++) {
      expected.addAll(emit(one, 3));
      expected.addAll(emit(other, 2));
      int due = expected.size() - heard.size();
      var current = client;
      await().atMost(20, SECONDS).until(() -> current.events().size() >= due);
      heard.addAll(client.ids());
      var resume = transport.resume(client);
      client.cut();
      expected.addAll(emit(one, 2));
      expected.addAll(emit(other, 1));
      client = transport.connect(node.port(), acks, resume);
    }
    int due = expected.size() - heard.size();
    var last = client;
    await().atMost(20, SECONDS).until(() -> last.events().size() >= due);
    heard.addAll(client.ids());
    client.close();
    assertThat(heard).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void a_trimmed_history_is_told_as_one_gap() {
    var channel = fresh();
    var ids = emit(channel, 10);
    trim(channel, 4);
    try (var client = connect(Map.of(channel, ids.get(1)))) {
      await().atMost(20, SECONDS).until(() -> client.events().size() == 5);
      var gap = client.events().getFirst();
      assertThat(gap.getString("event")).isEqualTo("realtime.gap");
      assertThat(gap.getString("id")).isEqualTo(ids.get(5));
      assertThat(gap.getJsonObject("data")).isEqualTo(new JsonObject().put("after", ids.get(1))
          .put("until", ids.get(5)).put("reason", "trimmed"));
      assertThat(client.ids().subList(1, 5)).isEqualTo(ids.subList(6, 10));
    }
  }

  @Test
  void an_event_whose_ring_was_lost_is_found_by_the_next_one() {
    var channel = fresh();
    try (var client = connect(Map.of(channel, ""))) {
      awaitConnected(client, 1);
      var ids = emit(channel, 1);
      ids.add(storeSilently(channel));
      ids.addAll(emit(channel, 1));
      awaitIds(client, ids);
    }
  }

  @Test
  void the_last_event_whose_ring_was_lost_is_found_by_the_audit() {
    var channel = fresh();
    try (var client = connect(Map.of(channel, ""))) {
      awaitConnected(client, 1);
      var ids = emit(channel, 1);
      ids.add(storeSilently(channel));
      awaitIds(client, ids);
    }
  }

  @Test
  void a_killed_subscription_loses_nothing() {
    var channel = fresh();
    try (var client = connect(Map.of(channel, ""))) {
      awaitConnected(client, 1);
      var ids = emit(channel, 3);
      for (int round = 0; round < 3; round++) {
        killSubscriptions();
        ids.addAll(emit(channel, 3));
      }
      awaitIds(client, ids);
    }
  }

  @Test
  @DisabledIf("brief")
  void odd_channel_names_are_channels_like_others() {
    for (var name : List.of("user:1/ä b&c=d+e", "12345", "a,b", "x?y", "日本")) {
      var channel = name + UUID.randomUUID();
      var ids = emit(channel, 2);
      try (var client = connect(Map.of(channel, "0"))) {
        awaitIds(client, ids);
        assertThat(client.events()).allMatch(e -> channel.equals(e.getString("channel")));
      }
    }
  }

  Client connect(Map<String, String> acks) {
    return transport.connect(node.port(), acks, "");
  }

  static String fresh() {
    return "ch-" + UUID.randomUUID();
  }

  List<String> emit(String channel, int count) {
    var ids = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      ids.add(node.emit(channel, "n" + i));
    }
    return ids;
  }

  /** Stores an event the way the log does, but rings for nobody: a lost publish. */
  String storeSilently(String channel) {
    var keys = node.platform().keys();
    var stream = keys.channel(channel);
    var script = """
      local prev = redis.call('GET', KEYS[2])
      local id = redis.call('XADD', KEYS[1], '*', 'event', 'note', 'data', '{"text":"silent"}',
        'prev', prev)
      redis.call('SET', KEYS[2], id)
      return id""";
    return redis(
        Request.cmd(Command.EVAL).arg(script).arg(2).arg(stream).arg(keys.keeper(channel)));
  }

  void trim(String channel, int keep) {
    redis(Request.cmd(Command.XTRIM).arg(node.platform().keys().channel(channel)).arg("MAXLEN")
        .arg("=").arg(keep));
  }

  void revoke(String channel, String subject) {
    RunningNode.get(new Revocations(node.platform().redis(), node.platform().keys())
        .revoke(new ChannelName(channel), subject, Duration.ofHours(1)));
  }

  void whisper(String channel) {
    RunningNode.get(node.platform().channels().whisper(new ChannelName(channel),
        DemoEvents.NOTE, new DemoEvents.Note("psst")));
  }

  private String redis(Request request) {
    return String.valueOf(RunningNode.get(node.platform().redis().send("any", request)));
  }

  static void awaitConnected(Client client, int channels) {
    await().atMost(20, SECONDS).until(() -> client.told("connected").size() == channels);
  }

  static void awaitIds(Client client, List<String> ids) {
    await().atMost(30, SECONDS).until(() -> client.events().size() >= ids.size());
    assertThat(client.ids()).isEqualTo(ids);
  }
}
