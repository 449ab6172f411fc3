package dev.stepcast.standalone.system;

import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One of our main classes in a process of its own, so that it can be killed for real. */
public final class Jvm implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);
  private static final Pattern LISTENING = Pattern
      .compile("event=host\\.started .*port=(\\d+)|workflows +http://localhost:(\\d+)");

  private final Process process;
  private final Path log;
  private final List<String> command;
  private final Map<String, String> env;
  private int port;

  private Jvm(Process process, Path log, List<String> command, Map<String, String> env) {
    this.process = process;
    this.log = log;
    this.command = command;
    this.env = env;
  }

  /**
   * Starts {@code mainClass} on a free port and waits until it says that it listens.
   *
   * @param env variables beside PORT=0; the test's own REDIS_URL and the like are not passed on
   */
  public static Jvm start(String mainClass, Map<String, String> env) {
    var jvm = launch(mainClass, env);
    jvm.awaitListening();
    return jvm;
  }

  /** Starts without waiting; {@code options} are the JVM's. */
  public static Jvm launch(String mainClass, Map<String, String> env, String... options) {
    try {
      var dir = Files.createDirectories(Path.of("target", "system"));
      var log = Files.createTempFile(dir, mainClass.replaceAll(".*\\.", "") + "-", ".log");
      var command = new ArrayList<>(
          List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
              "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED",
              "--sun-misc-unsafe-memory-access=allow"));
      command.addAll(List.of(options));
      command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
      var builder = new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true)
          .redirectOutput(log.toFile());
      builder.environment().keySet().removeIf(Jvm::ours);
      builder.environment().putAll(withFreePort(env));
      return new Jvm(builder.start(), log, List.copyOf(command), env);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it listens; fails with its log where it ended before. */
  public void awaitListening() {
    await().atMost(READY_WITHIN).pollInterval(Duration.ofMillis(50)).until(() -> {
      if (!process.isAlive()) {
        throw new IllegalStateException("it ended with " + process.exitValue() + ":\n" + output());
      }
      return listening().find();
    });
    var found = listening();
    if (found.find()) {
      port = Integer.parseInt(found.group(1) == null ? found.group(2) : found.group(1));
    }
  }

  /** {@code http://localhost:<port>}. */
  public String url() {
    return "http://localhost:" + port;
  }

  /** How to start the same again on the same port: JSON {@code {command, env}}. */
  public String recipe() {
    return new JsonObject().put("command", new JsonArray(command))
        .put("env", new JsonObject(new HashMap<>(env)).put("PORT", String.valueOf(port))).encode();
  }

  /** What it has printed. */
  public String output() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether it runs. */
  public boolean alive() {
    return process.isAlive();
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** SIGTERM, without waiting for what comes of it. */
  public void terminate() {
    process.destroy();
  }

  /** SIGKILL. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Waits for its end and answers its exit code. */
  public int exitCode() {
    try {
      if (!process.waitFor(READY_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("still running:\n" + output());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** SIGTERM, then SIGKILL if it does not end in time. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(READY_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }

  private Matcher listening() {
    return LISTENING.matcher(output());
  }

  private static Map<String, String> withFreePort(Map<String, String> env) {
    var all = new HashMap<>(Map.of("PORT", "0"));
    all.putAll(env);
    return all;
  }

  private static boolean ours(String variable) {
    return variable.startsWith("REDIS_") || variable.startsWith("QSTASH_")
        || List.of("HOST", "PORT", "OPS_PORT", "API_TOKEN", "GRANT_SECRET", "KEY_PREFIX",
            "DATA_DIR").contains(variable);
  }
}
