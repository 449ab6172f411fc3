package dev.stepcast.realtime.transport;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.grant.Grant;
import dev.stepcast.platform.testing.TestRedis;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
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

/** What an operator sees of the connections, and ends. */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class OperationsTest {
  private RunningNode node;

  @BeforeAll
  void startNode() {
    node = RunningNode.start(Map.of("REDIS_URL", TestRedis.url(), "KEY_PREFIX",
        TestRedis.prefix()));
  }

  @AfterAll
  void stopNode() {
    node.close();
  }

  @Test
  void a_channels_listeners_and_length_are_told() {
    var channel = fresh();
    var id = node.emit(channel, "one");
    try (var sse = SseClient.open(node.port(), "/api/realtime?channel=" + channel, none());
        var socket = socket(channel, "ada")) {
      awaitConnected(sse, socket);
      var stats = get("/api/realtime/stats?channel=" + channel);
      assertThat(stats.getLong("listeners")).isEqualTo(2);
      assertThat(stats.getLong("length")).isEqualTo(1);
      assertThat(stats.getString("lastId")).isEqualTo(id);
      assertThat(stats.getJsonArray("nodes")).hasSize(1);
      assertThat(get("/api/realtime/stats").getJsonArray("nodes").getJsonObject(0)
          .getLong("connections")).isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void one_connection_is_closed_by_its_id_and_told_to_come_back() {
    var channel = fresh();
    try (var ada = socket(channel, "ada"); var bob = socket(channel, "bob")) {
      awaitConnected(ada, bob);
      var listed = get("/api/realtime/connections?channel=" + channel + "&subject=ada")
          .getJsonArray("connections");
      assertThat(listed).hasSize(1);
      var connection = listed.getJsonObject(0);
      assertThat(connection.getString("id")).matches("con_[0-9a-v]{26}");
      assertThat(connection.getString("subject")).isEqualTo("ada");
      assertThat(connection.getString("transport")).isEqualTo("websocket");
      assertThat(delete("/api/realtime/connections/" + connection.getString("id"))
          .getLong("closed")).isEqualTo(1);
      await().atMost(20, SECONDS).until(ada::ended);
      assertThat(ada.closeCode()).isEqualTo(4100);
      assertThat(ada.told("reconnect")).hasSize(1);
      assertThat(delete("/api/realtime/connections/con_none").getLong("closed")).isZero();
      assertThat(delete("/api/realtime/connections?subject=bob").getLong("closed")).isEqualTo(1);
      await().atMost(20, SECONDS).until(bob::ended);
    }
  }

  @Test
  void one_subscription_is_ended_and_the_others_go_on() {
    var channel = fresh();
    var other = fresh();
    try (var ada = socket(channel + "&channel=" + other, "ada");
        var bob = socket(channel, "bob");
        var sse = SseClient.open(node.port(), "/api/realtime?channel=" + channel,
            bearer("ada"))) {
      await().atMost(20, SECONDS).until(() -> ada.told("connected").size() == 2);
      awaitConnected(bob, sse);
      assertThat(delete("/api/realtime/subscriptions?subject=ada&channel=" + channel)
          .getLong("ended")).isEqualTo(2);
      await().atMost(20, SECONDS).until(() -> ada.told("unsubscribed").size() == 1 && sse.ended());
      node.emit(channel, "not for ada");
      var last = node.emit(other, "for ada");
      await().atMost(20, SECONDS).until(() -> ada.ids().contains(last));
      assertThat(ada.ids()).containsExactly(last);
      await().atMost(20, SECONDS).until(() -> bob.events().size() == 1);
    }
  }

  @Test
  void what_is_asked_wrongly_is_refused() {
    for (var path : List.of("/api/realtime/connections", "/api/realtime/subscriptions?channel=a",
        "/api/realtime/subscriptions?subject=a", "/api/realtime/connections?subject=")) {
      assertThat(ask(HttpMethod.DELETE, path).status()).as(path).isEqualTo(400);
    }
    assertThat(ask(HttpMethod.GET, "/api/realtime/connections?limit=201").status())
        .isEqualTo(400);
  }

  @Test
  void the_latency_of_the_fan_out_is_measured() {
    var channel = fresh();
    try (var ada = socket(channel, "ada")) {
      awaitConnected(ada);
      node.emit(channel, "one");
      await().atMost(20, SECONDS).until(() -> node.platform().metrics()
          .find("realtime_fanout_latency_seconds").timers().stream()
          .mapToLong(Timer::count).sum() > 0);
    }
  }

  private SocketClient socket(String channels, String subject) {
    return SocketClient.open(node.port(), "/api/realtime?channel=" + channels,
        Map.of("Authorization", "Bearer " + grant(subject)));
  }

  private static void awaitConnected(Client... clients) {
    for (var client : clients) {
      await().atMost(20, SECONDS).until(() -> !client.told("connected").isEmpty());
    }
  }

  private JsonObject get(String path) {
    return ask(HttpMethod.GET, path).json();
  }

  private JsonObject delete(String path) {
    return ask(HttpMethod.DELETE, path).json();
  }

  private SseClient.Answer ask(HttpMethod method, String path) {
    return SseClient.answer(method, node.port(), path, none());
  }

  private MultiMap bearer(String subject) {
    return none().add("Authorization", "Bearer " + grant(subject));
  }

  private String grant(String subject) {
    return node.platform().grants().sign(new Grant(subject, "g1",
        Instant.now().plusSeconds(600), Map.of("x", "s")));
  }

  private static String fresh() {
    return "op-" + UUID.randomUUID();
  }

  private static MultiMap none() {
    return MultiMap.caseInsensitiveMultiMap();
  }
}
