package dev.stepcast.standalone.system;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.chat.ChatConfig;
import dev.stepcast.chat.ChatService;
import dev.stepcast.platform.Platform;
import dev.stepcast.platform.config.CommonConfig;
import dev.stepcast.platform.config.Env;
import dev.stepcast.platform.service.Service;
import dev.stepcast.platform.service.ServiceHost;
import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.realtime.RealtimeConfig;
import dev.stepcast.realtime.RealtimeService;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is in a room, judged by connections to two replicas of realtime-service. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RoomPresenceTest {
  private static final ChatConfig IMPATIENT = new ChatConfig(Duration.ofMinutes(10), 50, false,
      Duration.ofSeconds(4), ChatConfig.Rates.NONE, Duration.ofMillis(500), Duration.ofMinutes(10));

  private final String prefix = TestRedis.prefix();
  private final List<ServiceHost> hosts = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (var host : hosts.reversed()) {
      get(host.stop());
    }
  }

  @Test
  void a_closed_stream_shows_as_away_and_frees_the_seat_in_the_end_wherever_it_was(
      @TempDir Path dir) throws Exception {
    var channels = dir.resolve("channels.json");
    Files.writeString(channels, "{\"channels\":[{\"pattern\":\"room_*\",\"access\":\"grant\","
        + "\"presence\":{\"kept\":true,\"graceMs\":300}}]}");
    var env = new Env(Map.of("REDIS_URL", TestRedis.url(), "KEY_PREFIX", prefix, "PORT", "0",
        "DRAIN_MS", "200", "CHANNELS_CONFIG", channels.toString()));
    var chat = host(env, platform -> new ChatService(platform, IMPATIENT));
    var one = host(env, platform -> new RealtimeService(platform, RealtimeConfig.from(env)));
    var other = host(env, platform -> new RealtimeService(platform, RealtimeConfig.from(env)));
    var room = Http.json(Http.post(chat + "/api/rooms", "{}")).getString("roomId");
    var fox = join(chat, room);
    var owl = join(chat, room);
    try (var foxes = EventStream.as(fox, one, "channel=" + room)) {
      connected(foxes);
      try (var owls = EventStream.as(owl, other, "channel=" + room)) {
        connected(owls);
        await().atMost(60, SECONDS).until(() -> here(chat, room, fox).equals(List.of(true, true)));
      }
      await().atMost(60, SECONDS).until(() -> here(chat, room, fox).equals(List.of(true, false)));
      assertThat(look(chat, room, fox).getInteger("taken")).isEqualTo(2);
      var left = foxes.awaitEvent("chat.leave").getJsonObject("data");
      assertThat(left.getString("reason")).isEqualTo("silent");
      assertThat(here(chat, room, fox)).containsExactly(true);
    }
  }

  private String host(Env env, Function<Platform, Service> service) throws Exception {
    var platform = get(Platform.open(Vertx.vertx(), CommonConfig.from(env)));
    var host = get(new ServiceHost(platform, List.of(service.apply(platform))).start());
    hosts.add(host);
    return "http://localhost:" + host.port();
  }

  private static String join(String chat, String room) {
    return Http.post(chat + "/api/rooms/" + room + "/join", "{}").headers()
        .firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
  }

  private static JsonObject look(String chat, String room, String cookie) {
    return Http.json(Http.send(Http.to(chat + "/api/rooms/" + room).header("Cookie", cookie)
        .GET()));
  }

  /** In the order in which they joined. */
  private static List<Boolean> here(String chat, String room, String cookie) {
    return look(chat, room, cookie).getJsonArray("members").stream()
        .map(member -> ((JsonObject) member).getBoolean("here")).toList();
  }

  private static void connected(EventStream stream) {
    stream.await(frame -> "connected".equals(frame.getString("type")));
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, SECONDS);
  }
}
