package dev.stepcast.chat;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.channel.ChannelLog.Limit;
import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.config.CommonConfig;
import dev.stepcast.platform.config.Env;
import dev.stepcast.platform.pubsub.Subscription;
import dev.stepcast.platform.service.ServiceHost;
import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.Json;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.StreamSupport;

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
    return new ChatConfig(ttl, 50, false, Duration.ofMinutes(5), ChatConfig.Rates.NONE,
        Duration.ofSeconds(40), tombstone);
  }

  static ChatConfig config(ChatConfig.Rates rates) {
    return new ChatConfig(Duration.ofMinutes(10), 50, false, Duration.ofMinutes(5), rates,
        Duration.ofSeconds(40), Duration.ofMinutes(10));
  }

  /** Rooms where silence is taken badly. */
  static ChatConfig impatient(Duration away, Duration grace) {
    return new ChatConfig(Duration.ofMinutes(10), 50, false, grace, ChatConfig.Rates.NONE, away,
        Duration.ofMinutes(10));
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
        new ChannelName(room), "0-0",
        new Limit(20_000, 1 << 24)));
    var heard = new ArrayList<Heard>();
    page.entries().forEach(entry -> heard.add(new Heard(entry.event(), entry.data())));
    return heard;
  }

  /** What is rung on the room's channel from now on, as it comes. */
  List<String> listen(String room) {
    var heard = new CopyOnWriteArrayList<String>();
    var acked = Promise.<Void>promise();
    vertx.runOnContext(_ -> Subscription.open(vertx, platform.redis(),
        new Subscription.Listener() {
          @Override
          public void subscribed(String channel) {
            acked.tryComplete();
          }

          @Override
          public void message(String channel, Buffer message) {
            heard.add(message.toString());
          }
        }).subscribe(platform.keys().channel(room)));
    get(acked.future());
    return heard;
  }

  /** One event of a channel. */
  record Heard(String event, String data) {}

  /** Every key of this deployment but its facts, with its content. */
  List<String> dump() {
    var redis = platform.redis();
    var prefix = platform.keys().prefix();
    var keys = get(redis.send(prefix, Request.cmd(Command.KEYS).arg(prefix + ":*")));
    return StreamSupport.stream(keys.spliterator(), false).map(Response::toString)
        .filter(key -> !key.contains("{deployment}"))
        .map(key -> key + " = " + get(redis.send(key, Request.cmd(Command.DUMP).arg(key))))
        .toList();
  }

  /** Holds every event of the room's channel against its schema. */
  void expectSchemas(String room) {
    assertThat(channel(room)).isNotEmpty().allSatisfy(heard -> assertThat(platform.schemas()
        .eventComplaint(heard.event(), Json.decodeValue(Buffer.buffer(heard.data())))).isEmpty());
  }

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
