package dev.stepcast.realtime.transport;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.grant.Grant;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SseTest extends TransportContract {
  SseTest() {
    super(SseClient.TRANSPORT);
  }

  @Test
  void what_the_browser_sends_back_wins_over_the_acks_in_the_url() {
    var channel = fresh();
    var ids = emit(channel, 4);
    var headers = none().add("Last-Event-ID", ids.get(2));
    try (var client = SseClient.open(node.port(),
        SseClient.path(Map.of(channel, "0")), headers)) {
      awaitIds(client, ids.subList(3, 4));
    }
  }

  @Test
  void a_browser_cut_before_the_first_event_misses_nothing() {
    var channel = fresh();
    emit(channel, 1);
    var client = (SseClient) connect(Map.of(channel, ""));
    awaitConnected(client, 1);
    client.cut();
    var missed = emit(channel, 2);
    try (var again = SseClient.open(node.port(), SseClient.path(Map.of(channel, "")),
        none().add("Last-Event-ID", client.lastId()))) {
      awaitIds(again, missed);
    }
  }

  @Test
  void without_a_channel_it_is_the_default_one() {
    try (var client = SseClient.open(node.port(), "/api/realtime", none())) {
      awaitConnected(client, 1);
      assertThat(client.told("connected").getFirst().getString("channel")).isEqualTo("default");
    }
  }

  @Test
  void a_second_question_mark_loses_no_channel() {
    var channel = fresh();
    for (var glue : new String[]{"?", "%3F"}) {
      try (var client = SseClient.open(node.port(),
          "/api/realtime?token=abc" + glue + "channel=" + channel, none())) {
        awaitConnected(client, 1);
        assertThat(client.told("connected").getFirst().getString("channel")).isEqualTo(channel);
      }
    }
  }

  @Test
  void fifty_channels_fit_one_url_and_more_are_refused() {
    var prefix = fresh() + "-".repeat(20);
    try (var client = SseClient.open(node.port(), path(prefix, 50), none())) {
      awaitConnected(client, 50);
    }
    assertThat(problem(path(prefix, 51), none(), 400)).isEqualTo("too-many-channels");
    assertThat(problem("/api/realtime?x=" + "y".repeat(20_000), none(), 414))
        .isEqualTo("uri-too-long");
  }

  @Test
  void bad_requests_are_told_what_is_wrong() {
    assertThat(problem("/api/realtime?channels=a", none(), 400)).isEqualTo("client-too-old");
    assertThat(problem("/api/realtime?channel=", none(), 400)).isEqualTo("channel-invalid");
    assertThat(problem("/api/realtime?channel=a%0Ab", none(), 400)).isEqualTo("channel-invalid");
    assertThat(problem("/api/realtime?channel=%ZZ", none(), 400)).isEqualTo("bad-request");
  }

  @Test
  void the_first_thing_told_is_when_to_come_back_each_time_another() throws IOException {
    var told = new HashSet<String>();
    for (int i = 0; i < 10; i++) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(("GET /api/realtime?channel=" + fresh()
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(),
            StandardCharsets.UTF_8)).lines();
        told.add(lines.filter(line -> line.matches("(retry|data|id): .*")).findFirst()
            .orElseThrow());
      }
    }
    assertThat(told).allMatch(line -> line.matches("retry: [45]\\d\\d")).hasSizeGreaterThan(1);
  }

  @Test
  void a_browser_whose_clock_is_behind_gets_more_of_the_past_and_nothing_twice() {
    var channel = fresh();
    var ids = emit(channel, 3);
    long now = Long.parseLong(ids.getFirst().substring(0, 13));
    for (var behindMs : List.of(3_600_000L, 86_400_000L)) {
      try (var client = connect(Map.of(channel, String.valueOf(now - behindMs)))) {
        awaitIds(client, ids);
        var next = emit(channel, 2);
        ids.addAll(next);
        awaitIds(client, ids);
      }
    }
  }

  @Test
  void a_room_needs_a_grant_for_it() {
    var room = "room_" + fresh();
    var path = "/api/realtime?channel=" + room;
    assertThat(problem(path, none(), 401)).isEqualTo("grant-required");
    assertThat(problem(path, bearer("room_other", 600), 403)).isEqualTo("channel-denied");
    assertThat(problem(path, bearer(room, -600), 401)).isEqualTo("grant-required");
    try (var client = SseClient.open(node.port(), path, bearer(room, 600))) {
      awaitConnected(client, 1);
    }
    var cookie = none().add("Cookie", "sc_grant_x=" + grant(room, 600) + "; sc_grant_y=broken");
    try (var client = SseClient.open(node.port(), path, cookie)) {
      awaitConnected(client, 1);
    }
  }

  @Test
  void an_expired_grant_ends_the_stream() {
    var room = "room_" + fresh();
    try (var client = SseClient.open(node.port(), "/api/realtime?channel=" + room,
        bearer(room, 4))) {
      await().atMost(30, SECONDS).until(client::ended);
      assertThat(client.told("reconnect")).hasSize(1);
    }
  }

  @Test
  void the_history_is_read_page_by_page_in_both_directions() {
    var channel = fresh();
    var ids = emit(channel, 10);
    var path = "/api/realtime/history?channel=" + channel;
    var page = json(path + "&limit=4");
    assertThat(idsOf(page)).isEqualTo(ids.subList(0, 4));
    page = json(path + "&limit=6&after=" + page.getString("cursor"));
    assertThat(idsOf(page)).isEqualTo(ids.subList(4, 10));
    assertThat(page.containsKey("cursor")).isFalse();
    page = json(path + "&limit=3&before=end");
    assertThat(idsOf(page)).isEqualTo(ids.subList(7, 10));
    page = json(path + "&limit=3&before=" + page.getString("cursor"));
    assertThat(idsOf(page)).isEqualTo(ids.subList(4, 7));
    trim(channel, 2);
    page = json(path + "&after=" + ids.get(3));
    assertThat(page.getJsonObject("gap")).isEqualTo(new JsonObject().put("after", ids.get(3))
        .put("until", ids.get(7)).put("reason", "trimmed"));
    assertThat(problem(path + "&after=x", none(), 400)).isEqualTo("bad-parameter");
    assertThat(problem(path + "&limit=1001", none(), 400)).isEqualTo("bad-parameter");
    assertThat(problem("/api/realtime/history?channel=room_x", none(), 401))
        .isEqualTo("grant-required");
  }

  private JsonObject json(String path) {
    return SseClient.answer(node.port(), path, none()).json();
  }

  private static List<String> idsOf(JsonObject page) {
    return page.getJsonArray("events").stream().map(e -> ((JsonObject) e).getString("id"))
        .toList();
  }

  @Test
  void who_is_put_out_of_a_room_is_closed_and_cannot_come_back() {
    var room = "room_" + fresh();
    var path = "/api/realtime?channel=" + room;
    try (var client = SseClient.open(node.port(), path, bearer(room, 600))) {
      awaitConnected(client, 1);
      revoke(room, "ada");
      await().atMost(30, SECONDS).until(client::ended);
    }
    assertThat(problem(path, bearer(room, 600), 403)).isEqualTo("channel-denied");
  }

  private static String path(String prefix, int channels) {
    return "/api/realtime?" + IntStream.range(0, channels)
        .mapToObj(i -> "channel=" + prefix + i).collect(Collectors.joining("&"))
        + IntStream.range(0, channels)
            .mapToObj(i -> "&last_ack_" + prefix + i + "=1795281713266")
            .collect(Collectors.joining());
  }

  private String problem(String path, MultiMap headers, int status) {
    var answer = SseClient.answer(node.port(), path, headers);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.headers().get("Content-Type")).isEqualTo("application/problem+json");
    return answer.json().getString("kind");
  }

  private MultiMap bearer(String channel, long seconds) {
    return none().add("Authorization", "Bearer " + grant(channel, seconds));
  }

  private String grant(String channel, long seconds) {
    return node.platform().grants().sign(new Grant("ada", "g1",
        Instant.now().plusSeconds(seconds), Map.of(channel, "s")));
  }

  private static MultiMap none() {
    return MultiMap.caseInsensitiveMultiMap();
  }
}
