package dev.stepcast.standalone.dropin;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.stepcast.standalone.house.Repository;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the folder {@code dropin}: its packages come from npm as its lock file has them. */
final class Node {
  private static final Path FOLDER = Repository.root().resolve("dropin");

  private Node() {}

  /**
   * What a program did.
   *
   * @param status its exit status
   * @param output what it printed
   */
  record Outcome(int status, String output) {}

  /** Installs the packages, unless what is installed is what the lock file says. */
  static void install() throws IOException, InterruptedException {
    // Tests run in more than one process: the first installs, the others wait.
    try (var gate = FileChannel.open(Path.of("target", "dropin.lock"), CREATE, WRITE);
        var _ = gate.lock()) {
      installed();
    }
  }

  private static void installed() throws IOException, InterruptedException {
    var lock = FOLDER.resolve("package-lock.json");
    var mark = FOLDER.resolve("node_modules/.installed");
    if (Files.exists(mark) && Files.mismatch(lock, mark) < 0) {
      return;
    }
    var outcome = run(Map.of(), Duration.ofMinutes(5), List.of("npm", "ci", "--silent"));
    if (outcome.status() != 0) {
      throw new IOException("npm ci in dropin/ failed: " + outcome.output());
    }
    Files.copy(lock, mark);
  }

  /** Runs one of the test files with Node's own runner. */
  static Outcome test(String name, Map<String, String> environment, Duration within)
      throws IOException, InterruptedException {
    return run(environment, within, List.of("node", "--test", "--test-reporter=spec",
        "--test-force-exit", "--test-timeout=240000", "tests/" + name + ".test.mjs"));
  }

  private static Outcome run(Map<String, String> environment, Duration within,
      List<String> command) throws IOException, InterruptedException {
    var output = Files.createTempFile("dropin", ".log");
    var builder = new ProcessBuilder(command).directory(FOLDER.toFile())
        .redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    var process = builder.start();
    try {
      boolean ended = process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
      var text = Files.readString(output, StandardCharsets.UTF_8);
      return new Outcome(ended ? process.exitValue() : -1, text);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      Files.delete(output);
    }
  }
}
