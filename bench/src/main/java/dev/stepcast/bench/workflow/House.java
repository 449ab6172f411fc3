package dev.stepcast.bench.workflow;

import dev.stepcast.platform.embedded.EmbeddedRedis;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Redis with an append-only file, one api-service, one workflow-service: a process each. */
public final class House implements AutoCloseable {
  private static final double TICKS_PER_SECOND = 100; // USER_HZ of every Linux we know

  final EmbeddedRedis redis;
  final int port;
  private final Map<String, String> env;
  private final Path dir;
  private final Process api;
  private final Process worker;

  private House(Path dir, EmbeddedRedis redis, int port, Map<String, String> env)
      throws IOException {
    this.dir = dir;
    this.redis = redis;
    this.port = port;
    this.env = env;
    this.api = start("dev.stepcast.api.ApiMain", Map.of("PORT", String.valueOf(port)));
    this.worker = start("dev.stepcast.workflow.WorkflowMain",
        Map.of("PORT", String.valueOf(freePort()), "OPS_PORT", String.valueOf(freePort())));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      worker.destroyForcibly(); // who is interrupted leaves nothing running
      api.destroyForcibly();
    }));
  }

  /** A house with {@code appendfsync} as told. */
  static House open(String fsync) throws IOException {
    return open(fsync, Map.of());
  }

  /** The same; {@code env} is told to both services. */
  public static House open(String fsync, Map<String, String> env) throws IOException {
    var dir = Files.createTempDirectory("stepcast-bench");
    var redis = EmbeddedRedis.start(
        new EmbeddedRedis.Options(0, dir.resolve("redis"), List.of("--appendfsync", fsync)));
    return new House(dir, redis, freePort(), env);
  }

  private Process start(String main, Map<String, String> own) throws IOException {
    var command = new ArrayList<>(
        List.of(ProcessHandle.current().info().command().orElse("java"), "-Xmx512m",
            "-XX:+UseSerialGC", "-XX:-DontCompileHugeMethods", "-XX:NewRatio=1",
            "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    Stream.of(System.getProperty("child.options", "").split(" ", -1))
        .filter(option -> !option.isEmpty())
        .map(option -> option.replace("%", main.replaceAll(".*\\.", ""))).forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    var builder = new ProcessBuilder(command).redirectErrorStream(true)
        .redirectOutput(dir.resolve(main + ".log").toFile());
    builder.environment().putAll(env);
    builder.environment().putAll(own);
    builder.environment().putAll(Map.of("REDIS_URL", redis.url(), "LOG_LEVEL", "warn"));
    return builder.start();
  }

  /** Below the ports that a system gives to clients: none of those may take it meanwhile. */
  private static int freePort() throws IOException {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (BindException _) {
        // somebody's; the next one
      }
    }
  }

  /** Where the API is. */
  public int port() {
    return port;
  }

  /** Where Redis is. */
  public String redisUrl() {
    return redis.url();
  }

  /** CPU-seconds that each process has used. */
  public Map<String, Double> cpu() throws IOException {
    var all = new LinkedHashMap<String, Double>();
    all.put("redis", cpu(redis.pid()));
    all.put("api", cpu(api.pid()));
    all.put("worker", cpu(worker.pid()));
    return all;
  }

  private static double cpu(long pid) throws IOException {
    var stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  @Override
  public void close() throws IOException {
    for (var process : List.of(worker, api)) {
      process.destroy();
      process.onExit().completeOnTimeout(process, 20, TimeUnit.SECONDS).join();
      process.destroyForcibly();
    }
    redis.close();
    try (var files = Files.walk(dir)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }
}
