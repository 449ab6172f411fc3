package dev.stepcast.realtime.transport;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A realtime-service in a process of its own, which can be killed for real. */
final class NodeProcess implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("event=host\\.started .*port=(\\d+)");

  private final Process process;
  private final int port;

  private NodeProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts one on a free port and waits until it listens. */
  static NodeProcess start(Map<String, String> env) {
    var builder = new ProcessBuilder(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m",
        "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow", "-cp", System.getProperty("java.class.path"),
        "dev.stepcast.realtime.RealtimeMain")).redirectErrorStream(true);
    builder.environment().putAll(env);
    builder.environment().putAll(Map.of("PORT", "0", "REALTIME_ACK_SLACK_MS", "0"));
    try {
      var process = builder.start();
      var lines = process.inputReader();
      var told = new StringBuilder();
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        var found = LISTENING.matcher(line);
        if (found.find()) {
          Thread.ofVirtual().start(() -> skip(lines));
          return new NodeProcess(process, Integer.parseInt(found.group(1)));
        }
        told.append(line).append('\n');
      }
      throw new IllegalStateException("it ended:\n" + told);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void skip(BufferedReader lines) {
    try {
      lines.transferTo(Writer.nullWriter());
    } catch (IOException _) {
      // it was killed
    }
  }

  int port() {
    return port;
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
