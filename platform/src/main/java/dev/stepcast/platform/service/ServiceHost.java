package dev.stepcast.platform.service;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.cluster.ClusterOnRedis;
import dev.stepcast.platform.cluster.ClusterOptions;
import dev.stepcast.platform.config.CommonConfig;
import dev.stepcast.platform.config.Env;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.log.LogfmtLayout;
import dev.stepcast.platform.ops.OpsRoutes;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs services in this process: starts them, serves their routes on one port, tells when they are
 * ready, and on SIGTERM or SIGINT drains and stops them in the reverse order.
 */
public final class ServiceHost {
  private static final Logger log = LoggerFactory.getLogger(ServiceHost.class);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

  private final Platform platform;
  private final List<Service> services;
  private final OpsRoutes ops;
  private @Nullable HttpVerticle http;
  private @Nullable HttpVerticle opsHttp;
  private @Nullable Future<Void> stopped;

  /** Hosts {@code services}, started in this order. */
  public ServiceHost(Platform platform, List<Service> services) {
    this.platform = platform;
    this.services = List.copyOf(services);
    this.ops = new OpsRoutes(platform.health(), platform.metrics());
  }

  /**
   * The main of a service that runs alone: reads the environment, reports every mistake in it and
   * exits with 1, or runs until it is told to stop.
   *
   * @param config  reads the service's own variables
   * @param service builds it; connects nothing yet
   */
  public static <C> void main(Function<Env, C> config, BiFunction<Platform, C, Service> service) {
    var env = new Env(System.getenv());
    var common = CommonConfig.from(env);
    var own = config.apply(env);
    exitOnMistakes(env);
    LogfmtLayout.level(common.logLevel());
    try {
      // Loading classes takes a second or two: on this thread, so that no event loop is held up.
      var platform = await(Platform.open(await(clustered(common)), common));
      var host = new ServiceHost(platform, List.of(service.apply(platform, own)));
      host.stopOnSignal();
      await(host.start());
    } catch (CompletionException | IllegalArgumentException e) {
      exit(e instanceof CompletionException && e.getCause() != null ? e.getCause() : e);
    }
  }

  /**
   * The processes of a deployment find each other through its Redis. There are as many event loops
   * as processors: with more of them what comes from Redis on one wakes another one up to send it.
   */
  private static Future<Vertx> clustered(CommonConfig common) {
    var keys = new Keys(common.keyPrefix(), common.partitions());
    var cluster = ClusterOptions.of(common.redisUrl(), keys).withSecret(common.bus().secret());
    var options = new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(loops())
        .setEventBusOptions(cluster.bus(common.bus().host(), common.bus().port()));
    return Vertx.builder().with(options).withClusterManager(new ClusterOnRedis(cluster))
        .buildClustered();
  }

  /** Prints the mistakes of {@code env} and exits with 1, if there are any. */
  public static void exitOnMistakes(Env env) {
    try {
      env.verify();
    } catch (IllegalArgumentException e) {
      exit(e);
    }
  }

  /** Starts the services, then listens. What has begun is closed where that fails. */
  public Future<ServiceHost> start() {
    ops.bindJvm();
    Future<?> started = Future.succeededFuture();
    for (var service : services) {
      started = started.compose(_ -> service.start());
    }
    return started.compose(_ -> listen()).compose(_ -> warm()).map(_ -> {
      platform.health().started();
      new NodeReport(platform, services, this::port).offer();
      log.atInfo().addKeyValue("services", String.join(",", services.stream().map(Service::name)
          .toList())).addKeyValue("host", platform.config().host()).addKeyValue("port", port())
          .log("host.started");
      return this;
    }).recover(cause -> close(Future.succeededFuture())
        .transform(_ -> Future.failedFuture(cause)));
  }

  private Future<?> warm() {
    return Future.join(services.stream().map(service -> service.warm(port())).toList())
        .otherwiseEmpty();
  }

  /** The port that is listened on, also where PORT was 0. */
  public int port() {
    return http == null ? 0 : http.port();
  }

  /** The operators' port; the public one where OPS_PORT is not set. */
  public int opsPort() {
    return opsHttp == null ? port() : opsHttp.port();
  }

  /** Refuses new work, lets streams and runs go within DRAIN_MS, then closes everything; once. */
  public synchronized Future<Void> stop() {
    var already = stopped;
    if (already != null) {
      return already;
    }
    platform.health().draining();
    log.atInfo().log("host.draining");
    platform.bus().tell("draining", new JsonObject().put("node", platform.bus().node()));
    var drained = Future.join(services.stream().map(Service::drain).toList())
        .timeout(platform.config().drain().toMillis() + 1, TimeUnit.MILLISECONDS);
    return close(drained.otherwiseEmpty());
  }

  /** A promise of no context, since those of Vert.x end with it. */
  private synchronized Future<Void> close(Future<?> after) {
    var already = stopped;
    if (already != null) {
      return already;
    }
    var done = Promise.<Void>promise();
    stopped = done.future();
    Future<?> closing = after;
    for (var service : services.reversed()) {
      closing = closing.eventually(service::stop);
    }
    closing.otherwiseEmpty().eventually(platform::close)
        .onComplete(_ -> platform.vertx().close().onComplete(done));
    return done.future();
  }

  /** Stops when this process is told to. */
  public void stopOnSignal() {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      try {
        stop().toCompletionStage().toCompletableFuture().get(
            platform.config().drain().plus(STOP_WITHIN).toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException e) {
        log.atWarn().addKeyValue("error", String.valueOf(e)).log("host.stop-incomplete");
      }
    }, "stop"));
  }

  private Future<?> listen() {
    var config = platform.config();
    var opsPort = config.opsPort();
    Consumer<Router> mount = router -> {
      if (opsPort == null) {
        ops.mount(router, true); // first: whatever else goes wrong, the probes answer
      }
      services.forEach(service -> service.routes(router));
    };
    return deploy(config.host(), config.port(), loops(), mount).compose(verticle -> {
      http = verticle;
      return opsPort == null ? Future.succeededFuture()
          : deploy(config.host(), opsPort, 1, router -> ops.mount(router, false))
              .onSuccess(deployed -> opsHttp = deployed);
    });
  }

  /** One verticle instance per event loop, all on one port. */
  private Future<HttpVerticle> deploy(String host, int port, int loops, Consumer<Router> mount) {
    var made = new CopyOnWriteArrayList<HttpVerticle>();
    return platform.vertx().deployVerticle(() -> {
      var verticle = new HttpVerticle(platform.http(), host, port, mount);
      made.add(verticle);
      return verticle;
    }, new DeploymentOptions().setInstances(loops)).map(_ -> made.getFirst())
        .recover(e -> Future.failedFuture(e instanceof IOException
            ? new IllegalStateException("cannot listen on " + host + ":" + port + ": "
                + e.getMessage(), e)
            : e));
  }

  private static int loops() {
    return Math.max(1, Runtime.getRuntime().availableProcessors());
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  private static void exit(Throwable cause) {
    System.err.println(cause.getMessage() == null ? cause.toString() : cause.getMessage());
    if (!(cause instanceof IllegalArgumentException || cause instanceof IllegalStateException)) {
      log.atError().setCause(cause).log("host.start-failed");
    }
    System.exit(1);
  }
}
