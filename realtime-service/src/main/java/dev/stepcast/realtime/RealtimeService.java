package dev.stepcast.realtime;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.policy.ChannelPolicies;
import dev.stepcast.platform.presence.Presence;
import dev.stepcast.platform.service.Service;
import dev.stepcast.realtime.door.Operations;
import dev.stepcast.realtime.door.RealtimeRoutes;
import dev.stepcast.realtime.gate.Gate;
import dev.stepcast.realtime.meter.Meters;
import dev.stepcast.realtime.node.Loop;
import dev.stepcast.realtime.node.Node;
import dev.stepcast.realtime.presence.Attendance;
import dev.stepcast.realtime.warm.WarmUp;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Tells browsers what happens on their channels, over SSE and WebSocket. */
public final class RealtimeService implements Service {
  private static final int READS_AT_ONCE = 64;
  private static final Duration WARM_UP = Duration.ofSeconds(2);

  private final Platform platform;
  private final RealtimeConfig config;
  private final Meters meters;
  private final List<RealtimeRoutes> doors = new CopyOnWriteArrayList<>();
  private final Node node;
  private final Gate gate;
  private @Nullable ChannelPolicies policies;
  private @Nullable Attendance attendance;
  private @Nullable String deployed;

  /** Connects nothing yet. */
  public RealtimeService(Platform platform, RealtimeConfig config) {
    this.platform = platform;
    this.config = config;
    this.meters = new Meters(platform.metrics());
    this.node = new Node(platform, meters);
    this.gate = new Gate(config.limits());
  }

  @Override
  public String name() {
    return "realtime-service";
  }

  @Override
  public Future<Void> start() {
    policies = ChannelPolicies.open(config.channelsConfig(), platform.schemas(),
        platform.config().loopback());
    attendance = new Attendance(platform.vertx(),
        new Presence(platform.redis(), platform.keys()), policies, config.presenceLease());
    new Operations(doors).offer(platform);
    return platform.vertx().deployVerticle(node).onSuccess(id -> deployed = id).mapEmpty();
  }

  @Override
  public void routes(Router router) {
    var known = policies;
    var present = attendance;
    if (known == null || present == null) {
      throw new IllegalStateException("routes before start");
    }
    int loops = Math.max(1, Runtime.getRuntime().availableProcessors());
    var loop = new Loop(platform.vertx(), new Loop.Shared(node, meters, present,
        platform.clock()), Math.max(1, READS_AT_ONCE / loops));
    var terms = new RealtimeRoutes.Terms(config.maxLife(), config.pingEvery(),
        config.backlogBytes(), config.ackSlack(), gate);
    var door = new RealtimeRoutes(platform, known, loop, terms);
    doors.add(door);
    door.mount(router);
  }

  /** A JVM that has just started takes a tenth of the connects that a warm one takes. */
  @Override
  public Future<Void> warm(int port) {
    var told = config.warmUp();
    var within = told != null ? told : platform.config().loopback() ? Duration.ZERO : WARM_UP;
    return within.isZero() ? Future.succeededFuture()
        : WarmUp.run(platform, port, within).onComplete(_ -> gate.forgive());
  }

  @Override
  public Map<String, Long> load() {
    return Map.of("connections", doors.stream().mapToLong(RealtimeRoutes::connections).sum(),
        "channels", (long) node.channels());
  }

  @Override
  public Future<Void> drain() {
    return Future.join(doors.stream().map(door -> door.drain(platform.config().drain())).toList())
        .mapEmpty();
  }

  @Override
  public Future<Void> stop() {
    var id = deployed;
    var present = attendance;
    return (present == null ? Future.<Void>succeededFuture() : present.close())
        .eventually(() -> id == null ? Future.succeededFuture()
            : platform.vertx().undeploy(id));
  }
}
