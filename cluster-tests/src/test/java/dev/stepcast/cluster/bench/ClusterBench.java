package dev.stepcast.cluster.bench;

import dev.stepcast.platform.embedded.EmbeddedRedis;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Two nodes, each in a process of its own: how long they take to join, how much memory they use,
 * how many requests a second go through, and for how long after a kill -9 requests are still sent
 * to the dead one. Arguments: {@code redis} or {@code hazelcast}, and how often. docs/CLUSTER.md
 * has the command.
 */
final class ClusterBench {
  private static final long WATCH_MS = 12_000;

  private ClusterBench() {}

  /** A child and what it says. */
  private record Child(Process process, BufferedReader says, PrintStream hears) {
    static Child start(String kind, String redisUrl, String prefix, String addresses)
        throws IOException {
      var command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"),
          "-Xmx256m", "--enable-native-access=ALL-UNNAMED"));
      if (kind.equals("hazelcast")) {
        command.addAll(List.of("--add-modules", "java.se", "--add-exports",
            "java.base/jdk.internal.ref=ALL-UNNAMED", "--add-opens",
            "java.base/java.lang=ALL-UNNAMED",
            "--add-opens", "java.base/sun.nio.ch=ALL-UNNAMED", "--add-opens",
            "java.management/sun.management=ALL-UNNAMED", "--add-opens",
            "jdk.management/com.sun.management.internal=ALL-UNNAMED",
            "-Dvertx.hazelcast.config=" + System.getProperty("vertx.hazelcast.config", "")));
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
    int times = Integer.parseInt(args[1]);
    System.err.println("| kind | join 1st ms | join 2nd ms | RSS 1st MB | RSS 2nd MB | req/s"
        + " | kill -9: last sent to the dead, ms | failed |");
    for (int i = 0; i < times; i++) {
      try (var redis = EmbeddedRedis.start(EmbeddedRedis.Options.inMemory())) {
        once(args[0], redis.url(), "b" + i);
      }
    }
  }

  private static void once(String kind, String redisUrl, String prefix) throws Exception {
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
    System.err.println("| " + kind + " | " + joinedFirst + " | " + joinedSecond + " | " + rssFirst
        + " | " + rssSecond + " | " + perSecond + " | " + Math.max(0, last - killedAt) + " | "
        + failed + " |");
  }
}
