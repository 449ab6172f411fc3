package dev.stepcast.bench.endpoint;

import com.sun.management.OperatingSystemMXBean;
import dev.stepcast.bench.workflow.House;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Runs of two steps a second that an endpoint runs, over HTTP only. Redis, api and worker are a
 * process each; the endpoint and the callers share this one, on Vert.x with one event loop.
 * Arguments: {@code everysec|always}, runs, callers, how often. A row each on standard error;
 * CPU-seconds are per 1,000 runs. {@code -Dcommands=true} also shows what Redis was busy with.
 */
final class EndpointBench {
  private static final int WARM_UP = 10_000;

  private final House house;
  private final Redis redis;
  private final Endpoint endpoint;

  private EndpointBench(House house, Vertx vertx) {
    this.house = house;
    this.redis = Redis.createClient(vertx, house.redisUrl());
    this.endpoint = new Endpoint(vertx, house.port());
  }

  /** What Redis did of a command: how often, and for how many microseconds. */
  private record Stat(long calls, long micros) {}

  static void main(String[] args) throws Exception {
    int runs = Integer.parseInt(args[1]);
    int callers = Integer.parseInt(args[2]);
    var vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true)
        .setEventLoopPoolSize(1));
    try (var house = House.open(args[0], Map.of())) {
      var bench = new EndpointBench(house, vertx);
      bench.endpoint.awaitReady();
      bench.endpoint.run(WARM_UP, callers);
      System.err.println("| fsync | runs | runs/s | redis | api | worker | endpoint and callers"
          + " | all CPU-s/1,000 | others' CPU | commands/run | odd answers |");
      System.err.println("|---|---|---|---|---|---|---|---|---|---|---|");
      for (int i = 0; i < Integer.parseInt(args[3]); i++) {
        bench.row(args[0], runs, callers);
      }
    } finally {
      System.exit(0);
    }
  }

  private void row(String fsync, int runs, int callers) throws Exception {
    var cpu = house.cpu();
    double own = ownCpu();
    double box = boxBusy();
    var stats = stats();
    long began = System.nanoTime();
    endpoint.run(runs, callers);
    double seconds = (System.nanoTime() - began) / 1e9;
    var after = house.cpu();
    double mine = ownCpu() - own;
    double all = mine;
    var each = new StringBuilder();
    for (var who : List.of("redis", "api", "worker")) {
      double used = after.getOrDefault(who, 0.0) - cpu.getOrDefault(who, 0.0);
      all += used;
      each.append(String.format(Locale.ROOT, "%.3f | ", used * 1_000 / runs));
    }
    var more = stats();
    long commands = sum(more) - sum(stats);
    double others = boxBusy() - box - all;
    System.err.printf(Locale.ROOT, "| %s | %d | %.0f | %s%.3f | %.3f | %.0f%% | %.1f | %d |%n",
        fsync, runs, runs / seconds, each, mine * 1_000 / runs, all * 1_000 / runs,
        100 * others / (2 * seconds), (double) commands / runs, endpoint.odd());
    if (Boolean.getBoolean("commands")) {
      show(stats, more, runs);
    }
  }

  private static void show(Map<String, Stat> before, Map<String, Stat> after, int runs) {
    var none = new Stat(0, 0);
    after.entrySet().stream()
        .sorted(Comparator.comparingLong(one -> before.getOrDefault(one.getKey(), none).micros()
            - one.getValue().micros()))
        .limit(24).forEach(one -> {
          var was = before.getOrDefault(one.getKey(), none);
          System.err.printf(Locale.ROOT, "  %-24s %6.2f a run %8.1f µs a run%n", one.getKey(),
              (double) (one.getValue().calls() - was.calls()) / runs,
              (double) (one.getValue().micros() - was.micros()) / runs);
        });
  }

  private static long sum(Map<String, Stat> stats) {
    return stats.values().stream().mapToLong(Stat::calls).sum();
  }

  private Map<String, Stat> stats() throws Exception {
    var info = redis.send(Request.cmd(Command.INFO).arg("commandstats"))
        .toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS).toString();
    var stats = new TreeMap<String, Stat>();
    Arrays.stream(info.split("\r?\n", -1)).filter(line -> line.startsWith("cmdstat_"))
        .forEach(line -> stats.put(line.substring("cmdstat_".length(), line.indexOf(':')),
            new Stat(number(line, "calls="), number(line, "usec="))));
    return stats;
  }

  private static long number(String line, String name) {
    int from = line.indexOf(name) + name.length();
    return Long.parseLong(line.substring(from, line.indexOf(',', from)));
  }

  private static double boxBusy() throws Exception {
    var first = Files.readAllLines(Path.of("/proc/stat")).getFirst().trim().split(" +", -1);
    double sum = 0;
    for (int i = 1; i < first.length; i++) {
      sum += i == 4 || i == 5 || i > 8 ? 0 : Long.parseLong(first[i]);
    }
    return sum / 100;
  }

  private static double ownCpu() {
    var bean = ManagementFactory.getOperatingSystemMXBean();
    return bean instanceof OperatingSystemMXBean own ? own.getProcessCpuTime() / 1e9 : 0;
  }
}
