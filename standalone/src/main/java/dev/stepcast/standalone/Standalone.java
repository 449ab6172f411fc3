package dev.stepcast.standalone;

import dev.stepcast.api.ApiConfig;
import dev.stepcast.api.ApiService;
import dev.stepcast.chat.ChatConfig;
import dev.stepcast.chat.ChatService;
import dev.stepcast.platform.Platform;
import dev.stepcast.platform.config.CommonConfig;
import dev.stepcast.platform.config.Env;
import dev.stepcast.platform.log.LogfmtLayout;
import dev.stepcast.platform.service.ServiceHost;
import dev.stepcast.realtime.RealtimeConfig;
import dev.stepcast.realtime.RealtimeService;
import dev.stepcast.workflow.WorkflowConfig;
import dev.stepcast.workflow.WorkflowService;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.util.List;

/**
 * All four services in one process on one port, on a Redis of their own unless they are given one.
 * Everything acknowledged survives a restart on the same data folder.
 */
public final class Standalone implements AutoCloseable {
  private final Store store;
  private final ServiceHost host;

  private Standalone(Store store, ServiceHost host) {
    this.store = store;
    this.host = host;
  }

  /** Everything that is read from the environment, of all services. */
  private record Config(StandaloneConfig own, CommonConfig common, ApiConfig api,
      WorkflowConfig workflow, ChatConfig chat, RealtimeConfig realtime) {
    static Config from(Env env) {
      return new Config(StandaloneConfig.from(env), CommonConfig.from(env), ApiConfig.from(env),
          WorkflowConfig.from(env), ChatConfig.from(env), RealtimeConfig.from(env));
    }
  }

  /**
   * Starts everything, blocking until it is ready.
   *
   * @throws IllegalArgumentException naming every broken variable
   * @throws IOException              when the embedded Redis cannot be used
   */
  public static Standalone start(Env env) throws IOException {
    var config = Config.from(env);
    env.verify();
    LogfmtLayout.level(env.given("LOG_LEVEL") ? config.common.logLevel() : "warn");
    var store = Store.open(config.own);
    var vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    try {
      // Loading classes takes a second or two: on this thread, so that no event loop is held up.
      var platform = await(Platform.open(vertx, config.common.withRedisUrl(store.url())));
      var host = new ServiceHost(platform, services(platform, config));
      return new Standalone(store, await(host.start()));
    } catch (RuntimeException e) {
      await(vertx.close());
      store.close();
      throw e;
    }
  }

  private static List<dev.stepcast.platform.service.Service> services(Platform platform,
      Config config) {
    return List.of(new WorkflowService(platform, config.workflow),
        new RealtimeService(platform, config.realtime), new ChatService(platform, config.chat),
        new ApiService(platform, config.api));
  }

  /** The port that is listened on. */
  public int port() {
    return host.port();
  }

  /** Where the data is, for people. */
  String dataDescription() {
    return store.description();
  }

  /** Drains, stops the services, then Redis. */
  @Override
  public void close() throws IOException {
    try {
      await(host.stop());
    } finally {
      store.close();
    }
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
