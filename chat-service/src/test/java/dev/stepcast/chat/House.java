package dev.stepcast.chat;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.config.CommonConfig;
import dev.stepcast.platform.config.Env;
import dev.stepcast.platform.service.ServiceHost;
import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A chat-service of the test's own on a real Redis, and people who visit it over HTTP. */
final class House {
  /** Rooms that live long enough for any test. */
  static final ChatConfig LONG = config(Duration.ofMinutes(10), Duration.ofMinutes(10));

  final Vertx vertx = Vertx.vertx();
  final Platform platform;
  final ServiceHost host;
  private final HttpClient client;

  private House(String redisUrl, String prefix, ChatConfig config) {
    var env = new Env(Map.of("PORT", "0", "KEY_PREFIX", prefix, "REDIS_URL", redisUrl));
    platform = get(Platform.open(vertx, CommonConfig.from(env)));
    host = get(new ServiceHost(platform, List.of(new ChatService(platform, config))).start());
    client = vertx.createHttpClient(
        new HttpClientOptions().setDefaultPort(host.port()).setDefaultHost("127.0.0.1"),
        new PoolOptions().setHttp1MaxSize(50));
  }

  static House open() {
    return open(LONG);
  }

  static House open(ChatConfig config) {
    return new House(TestRedis.url(), TestRedis.prefix(), config);
  }

  /** Another replica of {@code other}. */
  static House beside(House other, ChatConfig config) {
    return new House(TestRedis.url(), other.platform.keys().prefix(), config);
  }

  static House on(String redisUrl) {
    return new House(redisUrl, TestRedis.prefix(), LONG);
  }

  static ChatConfig config(Duration ttl, Duration tombstone) {
    return new ChatConfig(ttl, 50, false, tombstone);
  }

  /** Somebody with a browser of their own. */
  Visit visit() {
    return new Visit(vertx, client);
  }

  /** The id of a new room. */
  String room() {
    return visit().post("/api/rooms", "{}").text("roomId");
  }

  /** The id of a new room for {@code seats}. */
  String room(int seats) {
    return visit().post("/api/rooms", "{\"seats\":" + seats + "}").text("roomId");
  }

  /** Somebody who sits in {@code room}. */
  Visit member(String room) {
    var visit = visit();
    visit.post("/api/rooms/" + room + "/join", "{}").expect(200);
    return visit;
  }

  /** The room's channel, by event name and data. */
  List<Heard> channel(String room) {
    var page = get(platform.channels().readAfter(
        new dev.stepcast.platform.channel.ChannelName(room), "0-0",
        new dev.stepcast.platform.channel.ChannelLog.Limit(20_000, 1 << 24)));
    var heard = new ArrayList<Heard>();
    page.entries().forEach(entry -> heard.add(new Heard(entry.event(), entry.data())));
    return heard;
  }

  /** One event of a channel. */
  record Heard(String event, String data) {}

  void close() {
    get(host.stop());
  }

  static <T> T get(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
