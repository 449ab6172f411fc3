package dev.stepcast.realtime.transport;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.grant.Grant;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SocketTest extends TransportContract {
  SocketTest() {
    super(SocketClient.TRANSPORT);
  }

  @Test
  void channels_come_and_go_by_frames() {
    var channel = fresh();
    var ids = emit(channel, 3);
    try (var client = SocketClient.open(node.port(), "/api/realtime", Map.of())) {
      client.send(subscribe(channel).put("acks", new JsonObject().put(channel, ids.get(0))));
      awaitIds(client, ids.subList(1, 3));
      client.send(new JsonObject().put("type", "unsubscribe")
          .put("channels", new JsonArray().add(channel)).put("ref", "7"));
      await().atMost(20, SECONDS).until(() -> !client.told("unsubscribed").isEmpty());
      assertThat(client.told("unsubscribed").getFirst().getString("ref")).isEqualTo("7");
      emit(channel, 2);
      client.send(subscribe(channel).put("acks", new JsonObject().put(channel, ids.get(2))));
      await().atMost(20, SECONDS).until(() -> client.events().size() == 4);
      assertThat(client.ids()).doesNotHaveDuplicates();
    }
  }

  @Test
  void a_ping_is_answered() {
    try (var client = SocketClient.open(node.port(), "/api/realtime", Map.of())) {
      client.send(new JsonObject().put("type", "ping"));
      await().atMost(20, SECONDS).until(() -> client.told("ping").size() == 1);
    }
  }

  @Test
  void a_denied_channel_is_told_and_the_others_go_on() {
    var open = fresh();
    var room = "room_" + fresh();
    try (var client = connectSocket(open, room)) {
      await().atMost(20, SECONDS).until(() -> client.told("denied").size() == 1);
      assertThat(client.told("denied").getFirst().getJsonArray("channels")).containsExactly(room);
      awaitConnected(client, 1);
      awaitIds(client, emit(open, 2));
    }
  }

  @Test
  void who_is_denied_everything_is_closed_with_4401() {
    try (var client = connectSocket("room_" + fresh())) {
      await().atMost(20, SECONDS).until(client::ended);
      assertThat(client.closeCode()).isEqualTo(4401);
    }
  }

  @Test
  void a_grant_in_a_frame_opens_a_room_until_it_expires() {
    var room = "room_" + fresh();
    try (var client = SocketClient.open(node.port(), "/api/realtime", Map.of())) {
      client.send(subscribe(room).put("grant", grant(room, "s", 4)));
      awaitConnected(client, 1);
      await().atMost(30, SECONDS).until(() -> !client.told("denied").isEmpty());
      assertThat(client.told("denied").getFirst().getJsonObject("problem").getString("kind"))
          .isEqualTo("grant-expired");
      assertThat(client.ended()).isFalse();
    }
  }

  @Test
  void who_is_put_out_of_a_room_is_told_and_hears_nothing_more() {
    var room = "room_" + fresh();
    var grant = grant(room, "s", 600);
    try (var client = SocketClient.open(node.port(), "/api/realtime", Map.of())) {
      client.send(subscribe(room).put("grant", grant));
      awaitConnected(client, 1);
      revoke(room, "ada");
      await().atMost(30, SECONDS).until(() -> !client.told("denied").isEmpty());
      assertThat(client.told("denied").getFirst().getJsonObject("problem").getString("kind"))
          .isEqualTo("grant-revoked");
      client.send(subscribe(room).put("grant", grant));
      await().atMost(30, SECONDS).until(() -> client.told("denied").size() == 2);
      assertThat(client.told("connected")).hasSize(1);
    }
  }

  @Test
  void a_whisper_is_told_now_and_kept_nowhere() {
    var channel = fresh();
    try (var client = connectSocket(channel)) {
      awaitConnected(client, 1);
      whisper(channel);
      await().atMost(20, SECONDS).until(() -> client.told("ephemeral").size() == 1);
      assertThat(client.told("ephemeral").getFirst()).isEqualTo(new JsonObject()
          .put("type", "ephemeral").put("event", "note").put("channel", channel)
          .put("data", new JsonObject().put("text", "psst")));
    }
  }

  @Test
  void publishing_needs_the_right_and_answers_the_id() {
    var channel = fresh();
    try (var client = connectSocket(channel)) {
      awaitConnected(client, 1);
      client.send(publish(channel).put("ref", "1"));
      await().atMost(20, SECONDS).until(() -> client.told("problem").size() == 1);
      client.send(new JsonObject().put("type", "subscribe").put("channels", new JsonArray())
          .put("grant", grant(channel, "sp", 600)));
      client.send(publish(channel).put("ref", "2"));
      await().atMost(20, SECONDS).until(() -> client.told("published").size() == 1);
      var id = client.told("published").getFirst().getString("id");
      await().atMost(20, SECONDS).until(() -> client.ids().contains(id));
      client.send(publish(channel).put("data", new JsonObject().put("text", 7)).put("ref", "3"));
      await().atMost(20, SECONDS).until(() -> client.told("problem").size() == 2);
      assertThat(client.told("problem").getLast().getJsonObject("problem").getString("kind"))
          .isEqualTo("event-invalid");
    }
  }

  @Test
  void what_is_no_frame_closes_with_4400_and_what_is_too_large_with_4413() {
    for (var bad : new String[]{"{", "[]", "{\"type\":\"shout\"}", "7"}) {
      try (var client = SocketClient.open(node.port(), "/api/realtime", Map.of())) {
        client.send(bad);
        await().atMost(20, SECONDS).until(client::ended);
        assertThat(client.closeCode()).isEqualTo(4400);
      }
    }
    try (var client = SocketClient.open(node.port(), "/api/realtime", Map.of())) {
      client.send("x".repeat(70 * 1024));
      await().atMost(20, SECONDS).until(client::ended);
      assertThat(client.closeCode()).isEqualTo(4413);
    }
  }

  @Test
  void a_frame_that_does_not_fit_its_schema_is_refused_with_its_pointer() {
    try (var client = SocketClient.open(node.port(), "/api/realtime", Map.of())) {
      client.send(new JsonObject().put("type", "subscribe").put("channels", "x"));
      await().atMost(20, SECONDS).until(() -> client.told("problem").size() == 1);
      assertThat(client.told("problem").getFirst().getJsonObject("problem").getString("pointer"))
          .isEqualTo("/channels");
    }
  }

  @Test
  void two_hundred_channels_fit_and_no_more() {
    var prefix = fresh();
    try (var client = SocketClient.open(node.port(), "/api/realtime", Map.of())) {
      for (int part = 0; part < 2; part++) {
        int from = part * 100;
        client.send(new JsonObject().put("type", "subscribe").put("channels", new JsonArray(
            IntStream.range(from, from + 100).mapToObj(i -> prefix + i).toList())));
      }
      awaitConnected(client, 200);
      client.send(subscribe(prefix + "more"));
      await().atMost(20, SECONDS).until(() -> client.told("problem").size() == 1);
      var ids = emit(prefix + 150, 2);
      awaitIds(client, ids);
    }
  }

  @Test
  void a_flood_of_frames_is_closed_with_4129() {
    try (var client = SocketClient.open(node.port(), "/api/realtime", Map.of())) {
      for (int i = 0; i < 2_000 && !client.ended(); i++) {
        try {
          client.send(new JsonObject().put("type", "ping"));
        } catch (AssertionError e) {
          break;
        }
      }
      await().atMost(20, SECONDS).until(client::ended);
      assertThat(client.closeCode()).isEqualTo(4129);
    }
  }

  private SocketClient connectSocket(String... channels) {
    var path = "/api/realtime?channel=" + String.join("&channel=", channels);
    return SocketClient.open(node.port(), path, Map.of());
  }

  private String grant(String channel, String rights, long seconds) {
    return node.platform().grants().sign(new Grant("ada", "g1",
        Instant.now().plusSeconds(seconds), Map.of(channel, rights)));
  }

  private static JsonObject subscribe(String channel) {
    return new JsonObject().put("type", "subscribe").put("channels", new JsonArray().add(channel));
  }

  private static JsonObject publish(String channel) {
    return new JsonObject().put("type", "publish").put("channel", channel).put("event", "note")
        .put("data", new JsonObject().put("text", "hello"));
  }
}
