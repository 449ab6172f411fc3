package dev.stepcast.realtime.transport;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.grant.Grant;
import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
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

/** Who is on a channel, with two nodes on one Redis. */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class PresenceTest {
  private static final String POLICIES = """
    {"channels": [
      {"pattern": "lobby-*", "access": "public", "presence": {"kept": true, "graceMs": 1500}},
      {"pattern": "club-*", "access": "grant", "presence": {"kept": true, "graceMs": 60000}}]}""";

  private RunningNode one;
  private RunningNode two;

  @BeforeAll
  void startNodes(@TempDir Path folder) throws IOException {
    var policies = Files.writeString(folder.resolve("channels.json"), POLICIES);
    var variables = Map.of("REDIS_URL", TestRedis.url(), "KEY_PREFIX", TestRedis.prefix(),
        "REALTIME_PRESENCE_LEASE_MS", "3000", "CHANNELS_CONFIG", policies.toString());
    one = RunningNode.start(variables);
    two = RunningNode.start(variables);
  }

  @AfterAll
  void stopNodes() {
    one.close();
    two.close();
  }

  @Test
  void who_listens_on_any_node_and_transport_is_there_and_who_left_is_not() {
    var channel = "lobby-" + UUID.randomUUID();
    var path = "/api/realtime?channel=" + channel;
    try (var ada = SseClient.open(one.port(), path, bearer("ada", "x", "s"));
        var stranger = SseClient.open(two.port(), path, none())) {
      var bob = SocketClient.open(two.port(), path, Map.of("Authorization",
          "Bearer " + grant("bob", "x", "s")));
      awaitConnected(ada, stranger, bob);
      awaitSubjects(one, channel, List.of("ada", "bob", "con_"));
      awaitSubjects(two, channel, List.of("ada", "bob", "con_"));
      bob.close();
      awaitSubjects(one, channel, List.of("ada", "con_"));
    }
    awaitSubjects(one, channel, List.of());
    assertThat(presence(one, channel).getLong("version")).isZero();
  }

  @Test
  void a_watcher_hears_each_join_and_leave_in_a_chain() {
    var channel = "lobby-" + UUID.randomUUID();
    var path = "/api/realtime?channel=" + channel;
    try (var watcher = SseClient.open(one.port(), path + "&presence=" + channel,
        bearer("eve", "x", "s")); var deaf = SseClient.open(one.port(), path, none())) {
      awaitConnected(watcher, deaf);
      await().atMost(20, SECONDS).until(() -> watcher.told("members").size() == 1);
      awaitSubjects(one, channel, List.of("con_", "eve"));
      var ada = SocketClient.open(two.port(), path, Map.of("Authorization",
          "Bearer " + grant("ada", "x", "s")));
      awaitConnected(ada);
      await().atMost(20, SECONDS).until(() -> news(watcher, "join", "ada") == 1);
      ada.cut();
      await().atMost(20, SECONDS).until(() -> news(watcher, "leave", "ada") == 1);
      var versions = watcher.told("ephemeral").stream().map(e -> e.getJsonObject("data")).toList();
      for (int i = 1; i < versions.size(); i++) {
        assertThat(versions.get(i).getLong("prev"))
            .isEqualTo(versions.get(i - 1).getLong("version"));
      }
      assertThat(deaf.told("ephemeral")).isEmpty();
    }
  }

  @Test
  void who_reloads_or_moves_to_another_node_has_not_left() {
    var channel = "club-" + UUID.randomUUID();
    var path = "/api/realtime?channel=" + channel;
    try (var watcher = SocketClient.open(one.port(), path, Map.of("Authorization",
        "Bearer " + grant("eve", channel, "sr")))) {
      watcher.send(new JsonObject().put("type", "presence").put("channel", channel)
          .put("ref", "7"));
      await().atMost(20, SECONDS).until(() -> watcher.told("members").size() == 1);
      assertThat(watcher.told("members").getFirst().getString("ref")).isEqualTo("7");
      for (var node : List.of(one, one, two, one, two)) {
        var ada = SseClient.open(node.port(), path, bearer("ada", channel, "s"));
        awaitConnected(ada);
        awaitSubjects(one, channel, List.of("ada", "eve"));
        ada.cut();
      }
      awaitSubjects(two, channel, List.of("ada", "eve"));
      assertThat(news(watcher, "join", "ada")).isEqualTo(1);
      assertThat(news(watcher, "leave", "ada")).isZero();
    }
  }

  @Test
  void what_redis_forgot_is_told_again() {
    var channel = "lobby-" + UUID.randomUUID();
    var keys = one.platform().keys().slot(channel);
    try (var ada = SseClient.open(one.port(), "/api/realtime?channel=" + channel,
        bearer("ada", "x", "s"))) {
      awaitConnected(ada);
      awaitSubjects(one, channel, List.of("ada"));
      RunningNode.get(one.platform().redis().send(keys.key("", ""),
          Request.cmd(Command.DEL)
              .arg(keys.key("leases", channel)).arg(keys.key("members", channel))));
      awaitSubjects(two, channel, List.of("ada"));
    }
  }

  @Test
  void only_who_may_know_is_told() {
    var channel = "club-" + UUID.randomUUID();
    var path = "/api/realtime/presence?channel=";
    assertThat(problem(path + channel, none(), 401)).isEqualTo("grant-required");
    assertThat(problem(path + channel, bearer("ada", channel, "s"), 403))
        .isEqualTo("channel-denied");
    assertThat(problem(path + "plain", none(), 404)).isEqualTo("presence-off");
    assertThat(problem(path + "lobby-1&limit=x", none(), 400)).isEqualTo("bad-parameter");
    assertThat(problem("/api/realtime?channel=plain&presence=plain", none(), 404))
        .isEqualTo("presence-off");
    try (var ada = SocketClient.open(one.port(), "/api/realtime", Map.of())) {
      ada.send(new JsonObject().put("type", "subscribe")
          .put("channels", new JsonArray().add(channel)).put("grant", grant("ada", channel, "s")));
      awaitConnected(ada);
      ada.send(new JsonObject().put("type", "presence").put("channel", channel).put("ref", "1"));
      await().atMost(20, SECONDS).until(() -> ada.told("problem").size() == 1);
      assertThat(ada.told("problem").getFirst().getJsonObject("problem").getString("kind"))
          .isEqualTo("channel-denied");
    }
  }

  private void awaitSubjects(RunningNode node, String channel, List<String> beginnings) {
    await().atMost(30, SECONDS).untilAsserted(() -> assertThat(subjects(node, channel))
        .map(id -> id.startsWith("con_") ? "con_" : id)
        .containsExactlyInAnyOrderElementsOf(beginnings));
  }

  private List<String> subjects(RunningNode node, String channel) {
    return presence(node, channel).getJsonArray("members").stream()
        .map(member -> ((JsonObject) member).getString("id")).toList();
  }

  private JsonObject presence(RunningNode node, String channel) {
    var answer = SseClient.answer(node.port(), "/api/realtime/presence?channel=" + channel,
        bearer("door", channel, "r"));
    assertThat(answer.status()).isEqualTo(200);
    return answer.json();
  }

  private static long news(Client client, String what, String subject) {
    return client.told("ephemeral").stream()
        .filter(e -> e.getString("event").equals("realtime." + what)
            && e.getJsonObject("data").getString("id").equals(subject))
        .count();
  }

  private static void awaitConnected(Client... clients) {
    for (var client : clients) {
      await().atMost(20, SECONDS).until(() -> client.told("connected").size() == 1);
    }
  }

  private String problem(String path, MultiMap headers, int status) {
    var answer = SseClient.answer(one.port(), path, headers);
    assertThat(answer.status()).isEqualTo(status);
    return answer.json().getString("kind");
  }

  private MultiMap bearer(String subject, String channel, String rights) {
    return none().add("Authorization", "Bearer " + grant(subject, channel, rights));
  }

  private String grant(String subject, String channel, String rights) {
    return one.platform().grants().sign(new Grant(subject, "g1",
        Instant.now().plusSeconds(600), Map.of(channel, rights)));
  }

  private static MultiMap none() {
    return MultiMap.caseInsensitiveMultiMap();
  }
}
