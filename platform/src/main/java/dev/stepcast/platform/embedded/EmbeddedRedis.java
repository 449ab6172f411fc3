package dev.stepcast.platform.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real redis-server of our own on a loopback port: the binary that
 * {@code org.signal:embedded-redis} carries. It ends with this process however this process ends: a
 * shell holds it, and kills it once its standard input, a pipe from here, is closed.
 */
public final class EmbeddedRedis implements AutoCloseable {
  private static final String VERSION = "7.0.15";
  private static final Duration READY_WITHIN = Duration.ofSeconds(20);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(10);
  private static final String GUARD = """
    "$0" "$@" </dev/null & p=$!
    echo $p
    trap 'kill $p; wait $p; exit 0' TERM
    cat >/dev/null
    kill $p 2>/dev/null; wait $p""";

  private final Process guard;
  private final long serverPid;
  private final int port;

  /**
   * How a server is run.
   *
   * @param port        0 takes a free one
   * @param dataDir     where its data survives restarts (append-only file, synced every second);
   *                    null keeps nothing
   * @param moreOptions further server options, such as {@code --appendfsync always}; where
   *                    the first is no option but a path, it is a configuration file
   */
  public record Options(int port, @Nullable Path dataDir, List<String> moreOptions) {
    /** A server that keeps nothing, on a free port. */
    public static Options inMemory() {
      return new Options(0, null, List.of());
    }
  }

  private EmbeddedRedis(Process guard, long serverPid, int port) {
    this.guard = guard;
    this.serverPid = serverPid;
    this.port = port;
  }

  /**
   * Starts a server and waits until it answers.
   *
   * @throws IOException when there is no binary for this machine, or it does not answer in time
   */
  public static EmbeddedRedis start(Options options) throws IOException {
    int port = options.port == 0 ? freePort() : options.port;
    var log = options.dataDir == null ? ProcessBuilder.Redirect.DISCARD
        : ProcessBuilder.Redirect.appendTo(made(options.dataDir).resolve("redis.log").toFile());
    var process = new ProcessBuilder(command(options, port)).redirectError(log).start();
    var pid = process.inputReader(StandardCharsets.UTF_8).readLine();
    var redis = new EmbeddedRedis(process, pid == null ? -1 : Long.parseLong(pid.strip()), port);
    try {
      redis.awaitAnswer();
      return redis;
    } catch (IOException e) {
      redis.close();
      throw e;
    }
  }

  /** {@code redis://127.0.0.1:<port>}. */
  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** Ends the server without a word, as a crash would (SIGKILL). */
  public void kill() {
    ProcessHandle.of(serverPid).ifPresent(server -> {
      server.destroyForcibly();
      server.onExit().orTimeout(STOP_WITHIN.toSeconds(), TimeUnit.SECONDS).join();
    });
    close();
  }

  /** The server's process id, for tests that stop and continue it. */
  public long pid() {
    return serverPid;
  }

  /** Ends the server in order; what its append-only file holds is on disk then. */
  @Override
  public void close() {
    guard.destroy();
    try {
      if (!guard.waitFor(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        ProcessHandle.of(serverPid).ifPresent(ProcessHandle::destroyForcibly);
        guard.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<String> command(Options options, int port) throws IOException {
    var dir = options.dataDir;
    boolean file = !options.moreOptions.isEmpty()
        && !options.moreOptions.getFirst().startsWith("--");
    var command = new ArrayList<>(List.of("sh", "-c", GUARD, binary().toString()));
    command.addAll(options.moreOptions.subList(0, file ? 1 : 0));
    command.addAll(List.of("--port", String.valueOf(port), "--bind", "127.0.0.1", "--save", "",
        "--appendonly", dir == null ? "no" : "yes", "--maxmemory-policy", "noeviction",
        "--hash-max-listpack-entries", "64", "--hash-max-listpack-value", "1024",
        "--stream-node-max-bytes", "1024", "--logfile",
        dir == null ? "/dev/null" : made(dir).resolve("redis.log").toAbsolutePath().toString()));
    if (dir != null) {
      command.addAll(List.of("--dir", dir.toAbsolutePath().toString()));
    }
    command.addAll(options.moreOptions.subList(file ? 1 : 0, options.moreOptions.size()));
    return command;
  }

  private static Path made(Path dir) throws IOException {
    return Files.createDirectories(dir);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The binary: that of {@code -Dredis.server}, or ours, unpacked once per user and version. */
  private static synchronized Path binary() throws IOException {
    var other = System.getProperty("redis.server");
    if (other != null) {
      return Path.of(other);
    }
    var name = "redis-server-" + VERSION + "-" + system() + "-" + machine();
    var home = Path.of(System.getProperty("java.io.tmpdir"),
        "stepcast-redis-" + System.getProperty("user.name"));
    var target = home.resolve(name);
    if (Files.isExecutable(target)) {
      return target;
    }
    Files.createDirectories(home);
    try (var in = EmbeddedRedis.class.getResourceAsStream("/" + name)) {
      if (in == null) {
        throw new IOException("no redis-server for this machine (" + name
            + "): start one yourself and set REDIS_URL");
      }
      var fresh = Files.createTempFile(home, name, ".part");
      Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
      if (!fresh.toFile().setExecutable(true)) {
        throw new IOException("cannot make " + fresh + " executable");
      }
      return Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static String system() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin"
        : "linux";
  }

  private static String machine() {
    return switch (System.getProperty("os.arch")) {
      case "aarch64", "arm64" -> "arm64";
      case "x86", "i386" -> "386";
      default -> "amd64";
    };
  }

  private void awaitAnswer() throws IOException {
    long deadline = System.nanoTime() + READY_WITHIN.toNanos();
    while (System.nanoTime() < deadline && guard.isAlive()) {
      if (answers()) {
        return;
      }
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while redis-server starts", e);
      }
    }
    throw new IOException("redis-server did not answer on port " + port
        + "; its log is redis.log in its data folder");
  }

  /** A loading server answers -LOADING: only +PONG counts. */
  private boolean answers() {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
      socket.setSoTimeout(500);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII)
          .equals("+PONG");
    } catch (IOException e) {
      return false;
    }
  }
}
