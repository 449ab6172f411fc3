package dev.stepcast.standalone.system;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.stepcast.api.ApiConfig;
import dev.stepcast.api.ApiService;
import dev.stepcast.chat.ChatConfig;
import dev.stepcast.chat.ChatService;
import dev.stepcast.platform.Platform;
import dev.stepcast.platform.cluster.ClusterOnRedis;
import dev.stepcast.platform.cluster.ClusterOptions;
import dev.stepcast.platform.config.CommonConfig;
import dev.stepcast.platform.config.Env;
import dev.stepcast.platform.embedded.EmbeddedRedis;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.service.Service;
import dev.stepcast.platform.service.ServiceHost;
import dev.stepcast.platform.testing.FaultProxy;
import dev.stepcast.realtime.RealtimeConfig;
import dev.stepcast.realtime.RealtimeService;
import dev.stepcast.workflow.WorkflowConfig;
import dev.stepcast.workflow.WorkflowService;
import dev.stepcast.workflow.api.Workflow;
import dev.stepcast.workflow.registry.Registry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Every service on a node of its own, and a proxy in front of each node's bus port. The worker may
 * subscribe to nothing but the bus' own channel: no ring reaches it, so what it is told at once it
 * was told over the bus.
 */
final class BusHouse {
  private static final String PREFIX = "bus";
  private static final String SECRET = "the secret that all nodes of this house share";

  private final EmbeddedRedis redis = EmbeddedRedis.start(EmbeddedRedis.Options.inMemory());
  private final Vertx outside = Vertx.vertx();
  private final List<House> houses = new ArrayList<>();

  /** A node: its services, and what cuts it off. */
  record House(Platform platform, ServiceHost host, FaultProxy proxy) {
    String url() {
      return "http://localhost:" + host.port();
    }

    String node() {
      return platform.bus().node();
    }
  }

  BusHouse(Workflow<?, ?> workflow) throws Exception {
    deafWorker();
    add(redis.url(), (platform, env) -> new ApiService(platform, ApiConfig.from(env)));
    add(redis.url(), (platform, env) -> new ChatService(platform, ChatConfig.from(env)));
    add(redis.url(), (platform, env) -> new RealtimeService(platform, RealtimeConfig.from(env)));
    add(redis.url(), (platform, env) -> new RealtimeService(platform, RealtimeConfig.from(env)));
    add(redis.url().replace("redis://", "redis://worker:deaf@"),
        (platform, env) -> new WorkflowService(platform, WorkflowConfig.from(env),
            new Registry(List.of(workflow))));
  }

  House api() {
    return houses.get(0);
  }

  House chat() {
    return houses.get(1);
  }

  /** The {@code i}th of two. */
  House realtime(int i) {
    return houses.get(2 + i);
  }

  House worker() {
    return houses.get(4);
  }

  /** What {@code GET /api/nodes} tells, by node. */
  Map<String, JsonObject> nodes() {
    var nodes = new HashMap<String, JsonObject>();
    Http.json(Http.get(api().url() + "/api/nodes")).getJsonArray("nodes").forEach(each -> {
      var node = (JsonObject) each;
      nodes.put(node.getString("node"), node);
    });
    return nodes;
  }

  /** Cuts every connection of the bus and lets none come about, or heals. */
  void cut(boolean off) {
    houses.forEach(house -> {
      house.proxy.refuse(off);
      house.proxy.cutAll();
    });
  }

  /** Stops one for good; completes when it is gone. */
  Future<Void> leave(House house) {
    houses.remove(house);
    return house.host.stop();
  }

  private void deafWorker() throws Exception {
    var link = io.vertx.redis.client.Redis.createClient(outside, redis.url());
    get(link.send(io.vertx.redis.client.Request.cmd(io.vertx.redis.client.Command.ACL)
        .arg("SETUSER").arg("worker").arg("on").arg(">deaf").arg("~*").arg("&*").arg("+@all")
        .arg("-subscribe").arg("(+subscribe ~* &" + PREFIX + ":{cluster}:*)")));
    link.close();
  }

  private void add(String redisUrl, BiFunction<Platform, Env, Service> service) throws Exception {
    var env = new Env(Map.of("REDIS_URL", redisUrl, "KEY_PREFIX", PREFIX, "PORT", "0",
        "PARTITIONS", "4", "RUN_LEASE_MS", "600000", "DRAIN_MS", "2000"));
    var config = CommonConfig.from(env);
    int port = freePort();
    var proxy = get(FaultProxy.start(outside, port));
    var cluster = ClusterOptions.of(redisUrl, new Keys(PREFIX, 4)).withSecret(SECRET);
    var bus = cluster.bus("127.0.0.1", port).setClusterPublicPort(proxy.port());
    var vertx = get(Vertx.builder().with(new VertxOptions().setEventBusOptions(bus))
        .withClusterManager(new ClusterOnRedis(cluster)).buildClustered());
    var platform = get(Platform.open(vertx, config));
    var host = new ServiceHost(platform, List.of(service.apply(platform, env)));
    houses.add(new House(platform, get(host.start()), proxy));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, SECONDS);
  }

  /** Stops all at once. */
  void close() throws Exception {
    get(Future.join(houses.stream().map(house -> house.host.stop()).toList()).otherwiseEmpty());
    get(outside.close());
    redis.close();
  }
}
