package dev.stepcast.platform.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The nodes of one test's cluster, in this process. */
final class Nodes {
  private final String prefix = TestRedis.prefix();
  private final ClusterOptions options;
  private final List<Vertx> started = new CopyOnWriteArrayList<>();
  private final Vertx outside = Vertx.vertx();
  private @Nullable RedisLink link;

  Nodes(String redisUrl) {
    options = ClusterOptions.of(redisUrl, new Keys(prefix, 16));
  }

  ClusterOptions options() {
    return options;
  }

  Vertx start() throws Exception {
    return start(options);
  }

  Vertx start(ClusterOptions other) throws Exception {
    return start(other, other.bus("127.0.0.1", 0));
  }

  Vertx start(ClusterOptions other, EventBusOptions bus) throws Exception {
    var vertx = get(Vertx.builder().with(new VertxOptions().setEventBusOptions(bus))
        .withClusterManager(new ClusterOnRedis(other)).buildClustered());
    started.add(vertx);
    return vertx;
  }

  /** Echoes at {@code address}. */
  void listen(Vertx vertx, String address) throws Exception {
    get(vertx.eventBus().<String>consumer(address, message -> message.reply(message.body()))
        .completion());
  }

  String ask(Vertx vertx, String address) throws Exception {
    return ask(vertx, address, 20_000);
  }

  String ask(Vertx vertx, String address, long withinMs) throws Exception {
    return get(vertx.eventBus().<String>request(address, "hi",
        new DeliveryOptions().setSendTimeout(withinMs))).body();
  }

  static String id(Vertx vertx) {
    return ((VertxInternal) vertx).clusterManager().getNodeId();
  }

  List<String> ids(Vertx vertx) {
    return ((VertxInternal) vertx).clusterManager().getNodes();
  }

  /** Does to {@code vertx} what happens to a node that was paused past its lease. */
  void giveUp(Vertx vertx) throws Exception {
    redis(Request.cmd(Command.ZADD).arg(key("nodes")).arg(1).arg(id(vertx)));
    var other = new Ledger(link(), options.keys(), "nobody", 3_000);
    get(other.join(java.util.Optional.empty(), List.of()));
    get(other.beat());
    get(other.leave());
  }

  String prefix() {
    return prefix;
  }

  /** Members of the sorted set {@code kind}. */
  long count(String kind) throws Exception {
    var answer = get(link().send(key(kind), Request.cmd(Command.ZCARD).arg(key(kind))));
    return answer == null ? 0 : answer.toLong();
  }

  String key(String kind) {
    return options.keys().key(kind);
  }

  void redis(Request request) throws Exception {
    get(link().send(key("nodes"), request));
  }

  void close() throws Exception {
    for (var vertx : started) {
      get(vertx.close());
    }
    if (link != null) {
      get(link.close());
    }
    get(outside.close());
  }

  RedisLink link() {
    var opened = link;
    if (opened == null) {
      var fresh = RedisLink.open(outside, options.redisUrl(), 1);
      await().atMost(20, SECONDS).until(fresh::up);
      link = fresh;
      return fresh;
    }
    return opened;
  }

  static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, SECONDS);
  }
}
