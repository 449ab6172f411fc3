package dev.stepcast.bench.cluster;

import dev.stepcast.platform.cluster.ClusterOnRedis;
import dev.stepcast.platform.cluster.ClusterOptions;
import dev.stepcast.platform.keys.Keys;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.spi.cluster.ClusterManager;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One process of {@link ClusterBench}: joins, echoes, and does what it is told on standard input:
 * {@code measure} (requests for some seconds), {@code watch} and {@code report} (the last request
 * that failed). Answers are lines on standard error, {@code =name value}.
 */
final class BenchNode {
  private static final int IN_FLIGHT = 64;
  private static final long WARM_MS = 4_000;
  private static final long MEASURE_MS = 5_000;

  private final Vertx vertx;
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong lastFailedAt = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private volatile boolean measuring;

  private BenchNode(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Arguments: kind, Redis URL, prefix, addresses to echo at. */
  public static void main(String[] args) throws Exception {
    long start = System.nanoTime();
    var options = ClusterOptions.of(args[1], new Keys(args[2], 16));
    var bus = new EventBusOptions().setHost("127.0.0.1").setPort(0);
    var vertx = get(Vertx.builder().with(new VertxOptions().setEventBusOptions(bus))
        .withClusterManager(manager(args[0], options)).buildClustered());
    var node = new BenchNode(vertx);
    tell("joined_ms", (System.nanoTime() - start) / 1_000_000);
    for (var address : args[3].split(",", -1)) {
      get(vertx.eventBus().<String>consumer(address, message -> message.reply(message.body()))
          .completion());
    }
    tell("rss_kb", rssKb());
    tell("ready", 1);
    var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (var line = commands.readLine(); line != null; line = commands.readLine()) {
      node.obey(line);
    }
    Runtime.getRuntime().halt(0);
  }

  private void obey(String command) throws Exception {
    switch (command) {
      case "measure" -> measure();
      case "watch" -> vertx.setPeriodic(10, _ -> watch());
      case "report" -> {
        tell("last_failed_at", lastFailedAt.get());
        tell("failed", failed.get());
        tell("rss_end_kb", rssKb());
      }
      default -> throw new IllegalArgumentException(command);
    }
  }

  private void measure() throws InterruptedException {
    measuring = true;
    vertx.runOnContext(_ -> {
      for (int i = 0; i < IN_FLIGHT; i++) {
        again();
      }
    });
    TimeUnit.MILLISECONDS.sleep(WARM_MS);
    long from = done.get();
    long at = System.nanoTime();
    TimeUnit.MILLISECONDS.sleep(MEASURE_MS);
    long per = (done.get() - from) * 1_000_000_000L / (System.nanoTime() - at);
    measuring = false;
    tell("requests_per_s", per);
  }

  private void again() {
    if (measuring) {
      vertx.eventBus().request("far", "0123456789abcdef0123456789abcdef").onComplete(answer -> {
        if (answer.succeeded()) {
          done.incrementAndGet();
        }
        again();
      });
    }
  }

  private void watch() {
    long at = System.currentTimeMillis();
    vertx.eventBus().request("both", "x", new DeliveryOptions().setSendTimeout(2_000))
        .onFailure(_ -> {
          failed.incrementAndGet();
          lastFailedAt.accumulateAndGet(at, Math::max);
        });
  }

  private static ClusterManager manager(String kind, ClusterOptions options) throws Exception {
    return switch (kind) {
      case "redis" -> new ClusterOnRedis(options);
      case "hazelcast" -> Class
          .forName("io.vertx.spi.cluster.hazelcast.HazelcastClusterManager")
          .asSubclass(ClusterManager.class).getDeclaredConstructor().newInstance();
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private static long rssKb() throws Exception {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElse(0);
  }

  private static void tell(String name, long value) {
    System.err.println("=" + name + " " + value);
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
