package dev.stepcast.bench.cluster;

import dev.stepcast.platform.embedded.EmbeddedRedis;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Two nodes, each in a process of its own: how long they take to join, how much memory they use,
 * how many requests a second go through, and for how long after a kill -9 requests are still sent
 * to the dead one. Ours and Hazelcast's take turns, so that both meet the same machine. Argument:
 * how often. Writes a table on standard error, rounds first, then the median of each column.
 */
final class ClusterBench {
  private static final long WATCH_MS = 12_000;
  private static final List<String> KINDS = List.of("redis", "hazelcast");
  private static final List<String> HAZELCAST = List.of("--add-modules", "java.se", "--add-exports",
      "java.base/jdk.internal.ref=ALL-UNNAMED", "--add-opens", "java.base/java.lang=ALL-UNNAMED",
      "--add-opens", "java.base/sun.nio.ch=ALL-UNNAMED", "--add-opens",
      "java.management/sun.management=ALL-UNNAMED", "--add-opens",
      "jdk.management/com.sun.management.internal=ALL-UNNAMED",
      "-Dvertx.hazelcast.config=classpath:hazelcast-loopback.xml");

  private ClusterBench() {}

  /** A child and what it says. */
  private record Child(Process process, BufferedReader says, PrintStream hears) {
    static Child start(String kind, String redisUrl, String prefix, String addresses)
        throws IOException {
      var command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"),
          "-Xmx256m", "--enable-native-access=ALL-UNNAMED"));
      if (kind.equals("hazelcast")) {
        command.addAll(HAZELCAST);
      }
      command.addAll(List.of("-cp", System.getProperty("java.class.path"),
          BenchNode.class.getName(), kind, redisUrl, prefix, addresses));
      var process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
      return new Child(process, process.errorReader(StandardCharsets.UTF_8),
          new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8));
    }

    long read(String name) throws IOException {
      for (var line = says.readLine(); line != null; line = says.readLine()) {
        if (line.startsWith("=" + name + " ")) {
          return Long.parseLong(line.substring(name.length() + 2));
        }
      }
      throw new IOException("the child ended before it told " + name);
    }
  }

  public static void main(String[] args) throws Exception {
    int times = Integer.parseInt(args[0]);
    System.err.println("| kind | join 1st ms | join 2nd ms | RSS 1st MB | RSS 2nd MB | req/s"
        + " | kill -9: last sent to the dead, ms | failed |\n|---|---|---|---|---|---|---|---|");
    var rounds = List.of(new ArrayList<List<Long>>(), new ArrayList<List<Long>>());
    for (int i = 0; i < times; i++) {
      for (int kind = 0; kind < KINDS.size(); kind++) {
        try (var redis = EmbeddedRedis.start(EmbeddedRedis.Options.inMemory())) {
          var round = once(KINDS.get(kind), redis.url(), "b" + i);
          rounds.get(kind).add(round);
          row(KINDS.get(kind), round);
        }
      }
    }
    for (int kind = 0; kind < KINDS.size(); kind++) {
      row("**" + KINDS.get(kind) + "**, median", medians(rounds.get(kind)));
    }
  }

  private static List<Long> once(String kind, String redisUrl, String prefix) throws Exception {
    var first = Child.start(kind, redisUrl, prefix, "far,both");
    long joinedFirst = first.read("joined_ms");
    long rssFirst = first.read("rss_kb") / 1024;
    first.read("ready");
    var second = Child.start(kind, redisUrl, prefix, "both");
    long joinedSecond = second.read("joined_ms");
    long rssSecond = second.read("rss_kb") / 1024;
    second.read("ready");
    second.hears.println("measure");
    long perSecond = second.read("requests_per_s");
    second.hears.println("watch");
    TimeUnit.MILLISECONDS.sleep(2_000);
    first.process.destroyForcibly();
    long killedAt = System.currentTimeMillis();
    TimeUnit.MILLISECONDS.sleep(WATCH_MS);
    second.hears.println("report");
    long last = second.read("last_failed_at");
    long failed = second.read("failed");
    second.process.destroyForcibly();
    return List.of(joinedFirst, joinedSecond, rssFirst, rssSecond, perSecond,
        Math.max(0, last - killedAt), failed);
  }

  private static List<Long> medians(List<List<Long>> rounds) {
    return IntStream.range(0, rounds.getFirst().size()).mapToObj(column -> rounds.stream()
        .map(round -> round.get(column)).sorted().toList().get(rounds.size() / 2)).toList();
  }

  private static void row(String kind, List<Long> figures) {
    System.err.println("| " + kind + " | "
        + String.join(" | ", figures.stream().map(String::valueOf).toList()) + " |");
  }
}
