package dev.stepcast.standalone;

import dev.stepcast.platform.config.Env;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CompletionException;

/** {@code mvn -q -Prun}: everything on http://localhost:8080, and what to try there. */
final class StandaloneMain {
  private static final PrintStream OUT = new PrintStream(new FileOutputStream(FileDescriptor.out),
      true, StandardCharsets.UTF_8);

  private StandaloneMain() {}

  static void main() {
    long began = System.nanoTime();
    if (Boolean.getBoolean("stepcast.endWithParent")) {
      // Maven does not pass SIGTERM on; without this its end would leave us running.
      ProcessHandle.current().parent()
          .ifPresent(parent -> Thread.ofVirtual().start(() -> {
            parent.onExit().join();
            System.exit(0);
          }));
    }
    try {
      var standalone = Standalone.start(new Env(System.getenv()));
      Runtime.getRuntime().addShutdownHook(new Thread(() -> close(standalone), "stop"));
      OUT.println(readyMessage(standalone, (System.nanoTime() - began) / 1e9));
    } catch (IOException | IllegalArgumentException | CompletionException e) {
      var cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
      System.err.println("Stepcast did not start. " + cause.getMessage());
      System.exit(1);
    }
  }

  private static String readyMessage(Standalone standalone, double seconds) {
    var base = "http://localhost:" + standalone.port();
    return String.format(Locale.ROOT, """

      Stepcast is ready after %.1f s.

        workflows  %2$s            trigger one, watch its steps arrive
        rooms      %2$s/rooms      a private chat for two windows
        programs   QSTASH_URL=%2$s   see docs/COMPATIBILITY.md
        data       %3$s

      Or with curl:

        curl -s %2$s/api/trigger -H 'Content-Type: application/json' \\
          -d '{"workflow":"process-data","payload":{"userId":"user-123","action":"process"}}'
        curl -N '%2$s/api/realtime?channel=<workflowRunId>&last_ack_<workflowRunId>=0'

      Ctrl-C stops it; what was acknowledged is kept.
      """, seconds, base, standalone.dataDescription());
  }

  private static void close(Standalone standalone) {
    try {
      standalone.close();
      OUT.println("Stepcast has stopped.");
    } catch (IOException | CompletionException e) {
      System.err.println("Stepcast stopped, but not cleanly: " + e.getMessage());
    }
  }
}
