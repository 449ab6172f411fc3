package dev.stepcast.realtime.transport;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.channel.ChannelLog.Emit;
import dev.stepcast.platform.channel.ChannelLog.History;
import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** What the stock client of {@code @upstash/realtime} does that a server must live with. */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class QuirksTest {
  private static final String ORIGIN = "https://app.example";

  private RunningNode node;

  @BeforeAll
  void startNode() {
    node = start(Map.of("REALTIME_PING_MS", "300", "ALLOWED_ORIGINS", ORIGIN));
  }

  @AfterAll
  void stopNode() {
    node.close();
  }

  @Test
  void a_channel_that_is_named_twice_is_one() {
    var channel = fresh();
    try (var client = open("/api/realtime?channel=" + channel + "&channel=" + channel)) {
      awaitTold(client, "connected", 1);
      var id = node.emit(channel, "once");
      await().atMost(20, SECONDS).until(() -> client.ids().contains(id));
      awaitTold(client, "ping", 1);
      assertThat(client.told("connected")).hasSize(1);
      assertThat(client.ids()).containsExactly(id);
    }
  }

  @Test
  void a_position_of_other_channels_or_another_order_does_not_count() {
    var one = fresh();
    var other = fresh();
    var ids = List.of(node.emit(one, "a"), node.emit(one, "b"));
    String position;
    try (var client = open("/api/realtime?channel=" + one + "&channel=" + other + "&last_ack_" + one
        + "=0&last_ack_" + other + "=0")) {
      await().atMost(20, SECONDS).until(() -> client.ids().size() == 2);
      position = client.lastId();
    }
    var swapped = "/api/realtime?channel=" + other + "&channel=" + one + "&last_ack_" + one + "="
        + ids.getFirst();
    try (var client = SseClient.open(node.port(), swapped, none().add("Last-Event-ID", position))) {
      await().atMost(20, SECONDS).until(() -> client.ids().size() == 1);
      assertThat(client.ids()).containsExactly(ids.getLast());
    }
  }

  @Test
  void numbers_as_names_and_texts_stay_what_they_are_live_and_in_replay() {
    var channel = String.valueOf(System.nanoTime());
    try (var live = open("/api/realtime?channel=" + channel)) {
      awaitTold(live, "connected", 1);
      for (var text : List.of("123", "true", "12345678901234567890", "null", "1e3")) {
        node.emit(channel, text);
      }
      await().atMost(20, SECONDS).until(() -> live.events().size() == 5);
      try (var late = open("/api/realtime?channel=" + channel + "&last_ack_" + channel + "=0")) {
        await().atMost(20, SECONDS).until(() -> late.events().size() == 5);
        assertThat(late.events()).isEqualTo(live.events());
      }
      assertThat(live.events()).extracting(event -> event.getJsonObject("data").getString("text"))
          .containsExactly("123", "true", "12345678901234567890", "null", "1e3");
      assertThat(live.events()).allMatch(event -> event.getValue("channel").equals(channel));
    }
  }

  @Test
  void an_event_without_data_says_null() {
    var channel = fresh();
    RunningNode.get(node.platform().channels().append(new ChannelName(channel),
        new Emit("note", "null", null), History.DEFAULT));
    try (var late = open("/api/realtime?channel=" + channel + "&last_ack_" + channel + "=0")) {
      await().atMost(20, SECONDS).until(() -> late.events().size() == 1);
      assertThat(late.events().getFirst().containsKey("data")).isTrue();
      assertThat(late.events().getFirst().getValue("data")).isNull();
    }
  }

  @Test
  void two_hundred_channels_fit_the_url_of_a_websocket() {
    var prefix = "u" + System.nanoTime();
    var path = "/api/realtime?" + IntStream.range(0, 200)
        .mapToObj(i -> "channel=" + prefix + i + "&last_ack_" + prefix + i + "=0")
        .collect(Collectors.joining("&"));
    try (var socket = SocketClient.open(node.port(), path, Map.of())) {
      awaitTold(socket, "connected", 200);
      var id = node.emit(prefix + 199, "to the last");
      await().atMost(20, SECONDS).until(() -> socket.ids().contains(id));
    }
  }

  @Test
  void each_connection_is_pinged_by_data_frames_of_its_own() {
    var channel = fresh();
    var path = "/api/realtime?channel=" + channel;
    var clients = IntStream.range(0, 5).mapToObj(_ -> open(path)).toList();
    var socket = SocketClient.open(node.port(), path, Map.of());
    clients.forEach(client -> awaitTold(client, "ping", 4));
    awaitTold(socket, "ping", 4);
    var pings = clients.getFirst().told("ping").stream()
        .map(ping -> ping.getLong("timestamp")).toList();
    // One of its own every 300 ms, less a fifth: those of the other five would come in between.
    for (int i = 1; i < pings.size(); i++) {
      assertThat(pings.get(i) - pings.get(i - 1)).isGreaterThanOrEqualTo(200);
    }
    clients.forEach(Client::close);
    socket.close();
  }

  @Test
  void a_page_of_another_origin_may_come_with_its_credentials() {
    var from = none().add("Origin", ORIGIN);
    var answer = SseClient.answer(node.port(), "/api/realtime?channels=old", from);
    assertThat(answer.headers().get("Access-Control-Allow-Origin")).isEqualTo(ORIGIN);
    assertThat(answer.headers().get("Access-Control-Allow-Credentials")).isEqualTo("true");
    var asked = SseClient.answer(HttpMethod.OPTIONS, node.port(), "/api/realtime",
        from.add("Access-Control-Request-Headers", "cache-control"));
    assertThat(asked.status()).isEqualTo(204);
    assertThat(asked.headers().get("Access-Control-Allow-Headers"))
        .containsIgnoringCase("Cache-Control").containsIgnoringCase("Last-Event-ID");
    assertThat(SseClient.answer(node.port(), "/api/realtime?channels=old",
        none().add("Origin", "https://evil.example")).status()).isEqualTo(403);
  }

  @Test
  void a_connection_that_is_old_is_asked_to_come_back_on_either_transport() {
    try (var old = start(Map.of("REALTIME_MAX_LIFE_MS", "600"))) {
      var path = "/api/realtime?channel=" + fresh();
      var begun = System.currentTimeMillis();
      try (var sse = SseClient.open(old.port(), path, none());
          var socket = SocketClient.open(old.port(), path, Map.of())) {
        await().atMost(20, SECONDS).until(() -> sse.ended() && socket.ended());
        for (var client : List.of(sse, socket)) {
          assertThat(client.frames().getLast().getString("type")).isEqualTo("reconnect");
          assertThat(client.frames().getLast().getLong("timestamp"))
              .isBetween(begun - 60_000, System.currentTimeMillis());
        }
        assertThat(socket.closeCode()).isEqualTo(4100);
      }
    }
  }

  @Test
  void a_browsers_now_that_came_late_gets_what_it_missed_unless_it_says_exact() {
    try (var kind = start(Map.of("REALTIME_ACK_SLACK_MS", "60000"))) {
      var channel = fresh();
      var id = kind.emit(channel, "just before");
      var now = System.currentTimeMillis() + 5;
      var path = "/api/realtime?channel=" + channel + "&last_ack_" + channel + "=" + now;
      try (var stock = SseClient.open(kind.port(), path, none());
          var exact = SseClient.open(kind.port(), path + "&acks=exact", none())) {
        await().atMost(20, SECONDS).until(() -> stock.ids().contains(id));
        awaitTold(exact, "connected", 1);
        var next = kind.emit(channel, "after");
        await().atMost(20, SECONDS).until(() -> exact.ids().contains(next));
        assertThat(exact.ids()).containsExactly(next);
        assertThat(stock.ids().getFirst()).isEqualTo(id);
      }
    }
  }

  private SseClient open(String path) {
    return SseClient.open(node.port(), path, none());
  }

  private static void awaitTold(Client client, String type, int count) {
    await().atMost(30, SECONDS).until(() -> client.told(type).size() >= count);
  }

  private static RunningNode start(Map<String, String> more) {
    var variables = new HashMap<>(Map.of("REDIS_URL", TestRedis.url(), "KEY_PREFIX",
        TestRedis.prefix()));
    variables.putAll(more);
    return RunningNode.start(variables);
  }

  private static String fresh() {
    return "q-" + UUID.randomUUID();
  }

  private static MultiMap none() {
    return MultiMap.caseInsensitiveMultiMap();
  }
}
