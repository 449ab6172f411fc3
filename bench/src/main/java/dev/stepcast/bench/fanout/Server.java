package dev.stepcast.bench.fanout;

import dev.stepcast.platform.embedded.EmbeddedRedis;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** realtime-service with one event loop, in a process of its own, and a Redis beside it. */
final class Server implements AutoCloseable {
  static final String PREFIX = "bench";
  static final String SECRET = "a secret of benchmarks, 32 bytes";

  private static final Pattern LISTENING = Pattern.compile("event=host\\.started .*port=(\\d+)");
  private static final double TICKS = 100;

  private final EmbeddedRedis redis;
  private final boolean ownsRedis;
  private final Process process;
  private final int port;

  private Server(EmbeddedRedis redis, boolean ownsRedis, Process process, int port) {
    this.redis = redis;
    this.ownsRedis = ownsRedis;
    this.process = process;
    this.port = port;
  }

  /** Starts both; {@code SERVER_OPTIONS} are more options for the server's Java. */
  static Server start() throws IOException {
    return start(EmbeddedRedis.start(EmbeddedRedis.Options.inMemory()), true);
  }

  /** Another one on the same Redis. */
  Server beside() throws IOException {
    return start(redis, false);
  }

  private static Server start(EmbeddedRedis redis, boolean ownsRedis) throws IOException {
    var command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:ActiveProcessorCount=1", "-XX:+UseSerialGC", "-Xms256m", "-Xmx1g",
        "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(Pattern.compile(" +").splitAsStream(
        System.getenv().getOrDefault("SERVER_OPTIONS", "")).filter(o -> !o.isEmpty()).toList());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"),
        "dev.stepcast.realtime.RealtimeMain"));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(Map.of("PORT", "0", "REDIS_URL", redis.url(), "KEY_PREFIX",
        PREFIX, "PARTITIONS", "1", "REALTIME_MAX_LIFE_MS", "600000", "GRANT_SECRET", SECRET,
        "DRAIN_MS", "3000", "REALTIME_CONNECTS_PER_SECOND", "0"));
    // as in a deployment; 0 shows what a cold JVM does
    builder.environment().putIfAbsent("REALTIME_WARM_UP_MS", "2000");
    var process = builder.start();
    return new Server(redis, ownsRedis, process, port(process));
  }

  private static int port(Process process) throws IOException {
    var lines = process.inputReader();
    var told = new StringBuilder();
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      told.append(line).append('\n');
      if (line.contains("event=warm-up")) {
        System.err.println(line);
      }
      var found = LISTENING.matcher(line);
      if (found.find()) {
        Thread.ofVirtual().start(() -> skip(lines));
        return Integer.parseInt(found.group(1));
      }
    }
    throw new IOException("the server ended:\n" + told);
  }

  private static void skip(BufferedReader lines) {
    try {
      lines.transferTo(Writer.nullWriter());
    } catch (IOException _) {
      // it was ended
    }
  }

  int port() {
    return port;
  }

  int redisPort() {
    return redis.port();
  }

  double cpu() throws IOException {
    return cpu(process.pid());
  }

  double redisCpu() throws IOException {
    return cpu(redis.pid());
  }

  /** Processor seconds that this machine has spent on anything. */
  static double machineCpu() throws IOException {
    var words = Files.readAllLines(Path.of("/proc/stat")).getFirst().split(" +");
    double busy = 0;
    for (int i = 1; i < words.length; i++) {
      busy += i == 4 || i == 5 || i > 8 ? 0 : Double.parseDouble(words[i]);
    }
    return busy / TICKS;
  }

  static double ownCpu() throws IOException {
    return cpu(ProcessHandle.current().pid());
  }

  /** Resident memory in KiB, after a collection where {@code collected}. */
  long rssKb(boolean collected) throws IOException {
    if (collected) {
      var jcmd = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd")
          .toString(), String.valueOf(process.pid()), "GC.run").redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
      jcmd.onExit().join();
    }
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS")).findFirst()
        .map(line -> Long.parseLong(line.replaceAll("\\D", ""))).orElse(0L);
  }

  /** Ends it as a rolling restart does: SIGTERM, and waits for it. */
  void drain() {
    process.destroy();
    process.onExit().join();
  }

  /** Memory that its Java still needs after a collection, in KiB. */
  long liveKb() throws IOException {
    rssKb(true);
    return (long) (metric("jvm_memory_used_bytes{area=\"heap\"") / 1_024);
  }

  /** The sum of what {@code /metrics} says of names and labels that begin so. */
  double metric(String name) throws IOException {
    return Texts.ofHttp(port, "/metrics").lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
  }

  /**
   * Scripts that Redis has run.
   *
   * @param usec how long they took
   */
  record Scripts(double calls, double usec) {
    Scripts since(Scripts before) {
      return new Scripts(calls - before.calls, usec - before.usec);
    }

    /** How long one took. */
    double microseconds() {
      return usec / Math.max(1, calls);
    }
  }

  Scripts scripts() throws IOException {
    var told = "cmdstat_evalsha:calls=";
    double calls = redisInfo("commandstats", told);
    return new Scripts(calls, redisInfo("commandstats",
        told + String.format(Locale.ROOT, "%.0f,usec=", calls)));
  }

  /** A number that Redis tells in {@code INFO}: what follows {@code label}. */
  double redisInfo(String section, String label) throws IOException {
    var text = Texts.ofRedis(redis.port(), section);
    int at = text.indexOf(label);
    return at < 0 ? 0
        : Double.parseDouble(text.substring(at + label.length()).split("[^0-9.]", 2)[0]);
  }

  private static double cpu(long pid) throws IOException {
    var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
  }

  @Override
  public void close() {
    process.destroy(); // in order, so that a recording of its flight is written
    process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
    process.destroyForcibly();
    if (ownsRedis) {
      redis.kill();
    }
  }
}
