package dev.stepcast.realtime.transport;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.channel.ChannelLog.Emit;
import dev.stepcast.platform.channel.ChannelLog.History;
import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.config.CommonConfig;
import dev.stepcast.platform.config.Env;
import dev.stepcast.platform.service.ServiceHost;
import dev.stepcast.realtime.RealtimeConfig;
import dev.stepcast.realtime.RealtimeService;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A realtime-service on a free port, as its main would start it. */
final class RunningNode implements AutoCloseable {
  private final Platform platform;
  private final ServiceHost host;
  private boolean closed;

  private RunningNode(Platform platform, ServiceHost host) {
    this.platform = platform;
    this.host = host;
  }

  /** Starts one; {@code variables} come on top of a free port. */
  static RunningNode start(Map<String, String> variables) {
    var all = new HashMap<>(Map.of("PORT", "0", "DRAIN_MS", "1000",
        "REALTIME_ACK_SLACK_MS", "0"));
    all.putAll(variables);
    var env = new Env(all);
    var common = CommonConfig.from(env);
    var own = RealtimeConfig.from(env);
    env.verify();
    var platform = get(Platform.open(Vertx.vertx(), common));
    var host = new ServiceHost(platform, List.of(new RealtimeService(platform, own)));
    get(host.start());
    return new RunningNode(platform, host);
  }

  Platform platform() {
    return platform;
  }

  int port() {
    return host.port();
  }

  /** Appends an event {@code note} and answers its id. */
  String emit(String channel, String text) {
    var data = "{\"text\":\"" + text + "\"}";
    return get(platform.channels().append(new ChannelName(channel),
        new Emit("note", data, null), History.DEFAULT)).id();
  }

  @Override
  public void close() {
    stop();
  }

  /** Drains and stops it, as SIGTERM does; once. */
  void stop() {
    if (!closed) {
      closed = true;
      get(host.stop());
    }
  }

  static <T> T get(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
