package dev.stepcast.platform.cluster;

import dev.stepcast.platform.keys.Keys;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A node in a process of its own, which echoes at {@code echo} and ends with whoever started
 * it.
 */
final class ChildNode {
  private final Process process;

  private ChildNode(Process process) {
    this.process = process;
  }

  /** Runs as a node until standard input ends. */
  public static void main(String[] args) throws Exception {
    var options = ClusterOptions.of(args[0], new Keys(args[1], 16));
    var vertx = Nodes.get(Vertx.builder()
        .with(new VertxOptions().setEventBusOptions(options.bus("127.0.0.1", 0)))
        .withClusterManager(new ClusterOnRedis(options)).buildClustered());
    Nodes.get(vertx.eventBus()
        .<String>consumer("echo", message -> message.reply(message.body())).completion());
    System.err.println("listening");
    while (System.in.read() >= 0) {
      Thread.onSpinWait();
    }
    Runtime.getRuntime().halt(0);
  }

  /** Starts one and waits until it echoes. */
  static ChildNode start(String redisUrl, String prefix) throws IOException {
    var java = ProcessHandle.current().info().command().orElse("java");
    var process = new ProcessBuilder(List.of(java, "-Xmx128m", "-cp",
        System.getProperty("java.class.path"), ChildNode.class.getName(), redisUrl, prefix))
        .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    var errors = process.errorReader(StandardCharsets.UTF_8);
    for (var line = errors.readLine(); line != null; line = errors.readLine()) {
      if (line.equals("listening")) {
        return new ChildNode(process);
      }
    }
    throw new IOException("the child did not start");
  }

  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  void pause() throws Exception {
    signal("-STOP");
  }

  void resume() throws Exception {
    signal("-CONT");
  }

  private void signal(String which) throws Exception {
    new ProcessBuilder("kill", which, String.valueOf(process.pid())).start().waitFor();
  }
}
