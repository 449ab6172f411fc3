package dev.stepcast.bench.workflow;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * The seed's two steps over HTTP, and what makes an engine slow: many steps, many sleepers, many
 * runs on one flow key. Arguments: {@code everysec|always}, then scenarios, each with its count:
 * {@code saturation=20000 rate=3000 solo=500 long=50 replay=50 flow=10000 single=2000 keys=10000
 * rated=2000 sleepers=1600}, and {@code clones=1000000} of those sleepers; what comes after them
 * runs beside them. A row each on standard error; CPU-seconds are per 1,000 runs. {@code
 * -Dwarm=2000} warms up with fewer runs than the 30,000 after which rates mean something.
 */
final class WorkflowBench {
  private static final int CALLERS = 64;
  private static final int WARM_UP = Integer.getInteger("warm", 30_000);
  private static final int RATE = 100;
  private static final String SEED = """
    {"workflow":"process-data","payload":{"userId":"user-1234567890-abcdefghij","action":\
    "process-data-of-the-seed-workflow-120-bytes"}%s}""";
  private static final String LONG = """
    {"workflow":"long","payload":{"steps":%d,"sleepMs":%d},"delayMs":0}""";

  private final House house;
  private final Load load;

  private WorkflowBench(House house, Load load) {
    this.house = house;
    this.load = load;
  }

  public static void main(String[] args) throws Exception {
    System.err.println("| fsync | scenario | runs | runs/s | p50 ms | p99 ms | redis | api"
        + " | worker | all CPU-s/1,000 | others' CPU | commands/run | bytes/run |");
    System.err.println("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    try (var house = House.open(args[0]); var load = new Load(house)) {
      load.awaitReady();
      var bench = new WorkflowBench(house, load);
      load.closed(WARM_UP, CALLERS, _ -> seed());
      load.awaitFinished();
      for (var scenario : List.of(args).subList(1, args.length)) {
        var nameAndCount = scenario.split("=", 2);
        bench.run(args[0], nameAndCount[0], Integer.parseInt(nameAndCount[1]));
      }
    } finally {
      System.exit(0);
    }
  }

  private static String seed() {
    return String.format(Locale.ROOT, SEED, "");
  }

  private void run(String fsync, String name, int count) throws Exception {
    switch (name) {
      case "saturation" -> row(fsync, name, count, () -> closed(count, CALLERS, _ -> seed()));
      case "rate" -> row(fsync, name, count, () -> load.open(count, RATE, seed()));
      case "solo" -> row(fsync, name, count, () -> load.solo(count, seed()));
      case "long" -> row(fsync, "200 steps", count, () -> closed(count, 4, _ -> many(200, 0)));
      case "short" -> row(fsync, "2 steps", count, () -> closed(count, 4, _ -> many(2, 0)));
      case "replay" -> row(fsync, "200 steps, asleep before the last", count,
          () -> closed(count, 4, _ -> many(200, 1_500)));
      case "flow" -> row(fsync, "one flow key, parallelism 8", count,
          () -> closed(count, CALLERS, _ -> keyed("bench", "\"parallelism\":8")));
      case "single" -> row(fsync, "one flow key, parallelism 1", count,
          () -> closed(count, CALLERS, _ -> keyed("single", "\"parallelism\":1")));
      case "keys" -> row(fsync, "100 flow keys, parallelism 1", count,
          () -> closed(count, CALLERS, n -> keyed("k" + n % 100, "\"parallelism\":1")));
      case "rated" -> row(fsync, "one flow key, 100 a second", count,
          () -> closed(count, CALLERS, _ -> keyed("rated", "\"rate\":100")));
      case "sleepers" -> row(fsync, "fall asleep for a day", count, () -> {
        load.closed(count, CALLERS, _ -> many(2, 86_400_000));
        load.awaitAsleep(count);
        return List.of();
      });
      case "clones" -> row(fsync, "asleep, written like the others", count, () -> {
        load.cloneSleepers(count);
        return List.of();
      });
      default -> throw new IllegalArgumentException(name);
    }
  }

  private static String keyed(String key, String limit) {
    return String.format(Locale.ROOT, SEED,
        ",\"flowControl\":{\"key\":\"" + key + "\"," + limit + "}");
  }

  private static String many(int steps, long sleepMs) {
    return String.format(Locale.ROOT, LONG, steps, sleepMs);
  }

  private List<Long> closed(int count, int callers, IntFunction<String> body) throws Exception {
    load.closed(count, callers, body);
    load.awaitFinished();
    return List.of();
  }

  private interface Scenario {
    /** @return nanoseconds from trigger to finished, where they are measured */
    List<Long> run() throws Exception;
  }

  private void row(String fsync, String name, int count, Scenario scenario) throws Exception {
    var cpu = house.cpu();
    var stats = load.redisStats();
    double busy = Load.boxBusy();
    double own = Load.ownCpu();
    long began = System.nanoTime();
    var took = scenario.run().stream().sorted().toList();
    double seconds = (System.nanoTime() - began) / 1e9;
    var after = house.cpu();
    double all = sum(after) - sum(cpu);
    double others = Load.boxBusy() - busy - all - (Load.ownCpu() - own);
    var more = load.redisStats();
    System.err.printf(Locale.ROOT,
        "| %s | %s | %d | %.0f | %s | %s | %.3f | %.3f | %.3f | %.3f | %.0f%% | %.1f | %.0f |%n",
        fsync, name, count, count / seconds, at(took, 0.5), at(took, 0.99),
        per(count, cpu, after, "redis"), per(count, cpu, after, "api"),
        per(count, cpu, after, "worker"), all * 1_000 / count, 100 * others / (2 * seconds),
        (double) (more.all() - stats.all()) / count,
        (double) (more.bytes() - stats.bytes()) / count);
    if (Boolean.getBoolean("commands")) {
      System.err.println(more.since(stats, count));
      System.err.println(load.anatomy());
    }
  }

  private static double sum(Map<String, Double> cpu) {
    return cpu.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  private static double per(int count, Map<String, Double> before, Map<String, Double> after,
      String who) {
    return (after.getOrDefault(who, 0.0) - before.getOrDefault(who, 0.0)) * 1_000 / count;
  }

  private static String at(List<Long> sorted, double share) throws IOException {
    return sorted.isEmpty() ? "–"
        : String.format(Locale.ROOT, "%.1f",
            sorted.get((int) Math.min(sorted.size() - 1, Math.floor(sorted.size() * share)))
                / 1e6);
  }
}
