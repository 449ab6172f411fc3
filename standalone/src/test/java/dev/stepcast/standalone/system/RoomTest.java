package dev.stepcast.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stepcast.platform.config.Env;
import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.standalone.Standalone;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who hears what of a room, through realtime-service. */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class RoomTest {
  private static final Duration WITHIN = Duration.ofSeconds(60);

  @SuppressWarnings("NullAway.Init")
  private Standalone stepcast;

  @BeforeAll
  void start() throws Exception {
    stepcast = Standalone.start(new Env(Map.of("REDIS_URL", TestRedis.url(), "KEY_PREFIX",
        TestRedis.prefix(), "PORT", "0", "CHAT_CREATES_PER_MINUTE", "0")));
  }

  @AfterAll
  void stop() throws Exception {
    stepcast.close();
  }

  @Test
  void members_hear_each_message_once_over_both_transports_and_whispers_too() throws Exception {
    var room = room();
    var fox = join(room);
    var owl = join(room);
    try (var events = EventStream.as(fox.cookie(), base(), "channel=" + room);
        var frames = new Frames(owl.cookie(), room)) {
      events.await(frame -> "connected".equals(frame.getString("type")));
      frames.await("connected");
      post(fox, room, "/messages", "{\"text\":\"hi\"}");
      post(owl, room, "/typing", "{}");
      events.awaitEvent("chat.typing");
      frames.await("chat.typing");
      assertThat(events.names("chat.")).containsExactly("chat.message");
      assertThat(frames.names()).containsOnlyOnce("chat.message");
      assertThat(events.await(frame -> "ephemeral".equals(frame.getString("type")))
          .getJsonObject("data").getString("member")).isEqualTo(owl.member());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s", "%%72oom%s", "default&channel=%s", "%s&channel=default"})
  void nobody_listens_without_a_seat(String spelling) {
    var room = room();
    post(join(room), room, "/messages", "{\"text\":\"secret\"}");
    var channel = spelling.formatted(spelling.contains("oom") ? room.substring(4) : room);
    for (var ack : List.of("", "&last_ack_" + room + "=0")) {
      try (var stranger = EventStream.open(base(), "channel=" + channel + ack);
          var other = EventStream.as(join(room()).cookie(), base(), "channel=" + channel + ack)) {
        assertThat(stranger.status()).isEqualTo(401);
        assertThat(other.status()).isEqualTo(403);
      }
    }
    assertThat(Http.get(base() + "/api/realtime/history?channel=" + channel).statusCode())
        .isGreaterThanOrEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%%20%s", "%s%%20", "ch:%s", "%s*", "R%s", "room_*", "*", "tail:%s"})
  void another_spelling_is_another_channel(String spelling) {
    var room = room();
    var fox = join(room);
    var name = spelling.formatted(spelling.startsWith("R") ? room.substring(1) : room);
    try (var stranger = EventStream.open(base(), "channel=" + name + "&last_ack_" + name + "=0");
        var member = EventStream.as(fox.cookie(), base(), "channel=" + room)) {
      stranger.status();
      member.await(frame -> "connected".equals(frame.getString("type")));
      post(fox, room, "/messages", "{\"text\":\"secret\"}");
      member.awaitEvent("chat.message");
      assertThat(stranger.events()).isEmpty();
    }
  }

  @Test
  void nobody_connects_a_socket_without_a_seat() throws Exception {
    var room = room();
    post(join(room), room, "/messages", "{\"text\":\"secret\"}");
    try (var stranger = new Frames(join(room()).cookie(), "default")) {
      stranger.await("connected");
      stranger.send("{\"type\":\"subscribe\",\"channels\":[\"" + room + "\"],\"acks\":{\"" + room
          + "\":\"0\"}}");
      stranger.await("denied");
      assertThat(stranger.names()).doesNotContain("chat.message", "chat.join");
    }
  }

  @Test
  void a_kick_cuts_live_streams_and_they_cannot_come_back() throws Exception {
    var room = room();
    var owner = join(room);
    var victim = join(room);
    try (var events = EventStream.as(victim.cookie(), base(), "channel=" + room);
        var frames = new Frames(victim.cookie(), room);
        var kept = EventStream.as(owner.cookie(), base(), "channel=" + room)) {
      events.await(frame -> "connected".equals(frame.getString("type")));
      kept.await(frame -> "connected".equals(frame.getString("type")));
      frames.await("connected");
      assertThat(Http.send(Http.to(base() + "/api/rooms/" + room + "/members/" + victim.member())
          .header("Cookie", owner.cookie()).DELETE()).statusCode()).isEqualTo(204);
      events.awaitEnd();
      frames.await("denied");
      post(owner, room, "/messages", "{\"text\":\"now we can talk\"}");
      kept.awaitEvent("chat.message");
      assertThat(events.names("chat.message")).isEmpty();
      assertThat(frames.names()).doesNotContain("chat.message");
    }
    try (var again = EventStream.as(victim.cookie(), base(), "channel=" + room)) {
      assertThat(again.status()).isEqualTo(403);
    }
  }

  @Test
  void the_end_is_heard_by_who_listens_and_by_who_was_away() throws Exception {
    var room = room();
    var fox = join(room);
    var owl = join(room);
    post(fox, room, "/messages", "{\"text\":\"secret\"}");
    try (var events = EventStream.as(fox.cookie(), base(), "channel=" + room);
        var frames = new Frames(owl.cookie(), room)) {
      events.await(frame -> "connected".equals(frame.getString("type")));
      frames.await("connected");
      assertThat(Http.send(Http.to(base() + "/api/rooms/" + room)
          .header("Cookie", owl.cookie()).DELETE()).statusCode()).isEqualTo(204);
      events.awaitEvent("chat.destroy");
      frames.await("chat.destroy");
      events.awaitEnd();
    }
    try (var back = EventStream.as(fox.cookie(), base(),
        "channel=" + room + "&last_ack_" + room + "=0")) {
      assertThat(back.awaitEvent("chat.destroy").getJsonObject("data").getString("reason"))
          .isEqualTo("destroyed");
      assertThat(back.names("chat.")).containsExactly("chat.destroy");
    }
  }

  /** A seat: who has it, and the cookie that proves it. */
  private record Member(String member, String cookie) {}

  private String room() {
    return Http.json(Http.post(base() + "/api/rooms", "{}")).getString("roomId");
  }

  private Member join(String room) {
    HttpResponse<String> joined = Http.post(base() + "/api/rooms/" + room + "/join", "{}");
    return new Member(Http.json(joined).getString("member"),
        joined.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0]);
  }

  private void post(Member member, String room, String path, String body) {
    assertThat(Http.send(Http.to(base() + "/api/rooms/" + room + path)
        .header("Cookie", member.cookie()).header("Content-Type", "application/json")
        .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body))).statusCode())
        .isBetween(200, 204);
  }

  private String base() {
    return "http://127.0.0.1:" + stepcast.port();
  }

  /** A WebSocket and every frame that came on it. */
  private final class Frames implements WebSocket.Listener, AutoCloseable {
    private final List<JsonObject> frames = new CopyOnWriteArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final WebSocket socket;

    Frames(String cookie, String channel) throws CompletionException {
      this.socket = Http.client().newWebSocketBuilder().header("Cookie", cookie)
          .buildAsync(URI.create(base().replace("http", "ws") + "/api/realtime?channel="
              + channel), this)
          .join();
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        text.toString().lines().forEach(line -> frames.add(new JsonObject(line)));
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    void send(String frame) {
      socket.sendText(frame, true).join();
    }

    /** Types and event names, in order. */
    List<String> names() {
      return frames.stream().map(frame -> frame.getString("event", frame.getString("type", "")))
          .toList();
    }

    void await(String name) {
      org.awaitility.Awaitility.await().atMost(WITHIN).until(() -> names().contains(name));
    }

    @Override
    public void close() {
      socket.abort();
    }
  }
}
