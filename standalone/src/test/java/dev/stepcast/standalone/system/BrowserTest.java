package dev.stepcast.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.standalone.house.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/**
 * The scripts of {@code web/e2e} in a real Chromium against a real Stepcast, two at a time: one as
 * on a laptop, and one as beyond loopback, which asks for its token. Skipped where there is no
 * Chromium, unless {@code BROWSER_TESTS=required}.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
public class BrowserTest {
  private static final List<String> USUAL = List.of("/usr/bin/chromium",
      "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
  private static final String MAIN = "dev.stepcast.standalone.StandaloneMain";
  private static final String TOKEN = "a-token-of-the-browser-tests";
  private static final String SECRET = "a secret of the browser tests, long enough";
  private static final long SCRIPTS_SECONDS_MAX = 480;

  @Test
  void every_script_passes() throws IOException, InterruptedException {
    var browser = browser();
    if (browser == null) {
      assertThat(System.getenv("BROWSER_TESTS"))
          .as("BROWSER_TESTS=required, and no Chromium: set CHROMIUM").isNotEqualTo("required");
    }
    assumeTrue(browser != null, "browser tests skipped: no Chromium found, set CHROMIUM");
    // The scripts open rooms more quickly than a person does.
    var common = Map.of("REDIS_URL", TestRedis.url(), "TRIGGER_DEFAULT", "process-data",
        "CHAT_CREATES_PER_MINUTE", "0");
    try (var open = Jvm.launch(MAIN, with(common, Map.of("KEY_PREFIX", TestRedis.prefix())));
        var guarded = Jvm.launch(MAIN, with(common, Map.of("KEY_PREFIX", TestRedis.prefix(),
            "HOST", "0.0.0.0", "API_TOKEN", TOKEN, "GRANT_SECRET", SECRET,
            "CLUSTER_SECRET", SECRET)))) {
      open.awaitListening();
      guarded.awaitListening();
      var chromium = Map.of("BASE_URL", open.url(), "CHROMIUM", String.valueOf(browser));
      passes(scripts(), with(chromium, Map.of("GUARDED_URL", guarded.url(), "API_TOKEN", TOKEN)));
      // The last one: it kills the server for real, and starts another in its place.
      passes(List.of("killed.mjs"), with(chromium, Map.of("VICTIM", String.valueOf(open.pid()),
          "RECIPE", open.recipe())));
    }
  }

  private static List<String> scripts() throws IOException {
    return Repository.files(".e2e.mjs").stream().map(script -> script.getFileName().toString())
        .toList();
  }

  private static void passes(List<String> scripts, Map<String, String> env)
      throws IOException, InterruptedException {
    var folder = Repository.root().resolve("web/e2e");
    var command = new ArrayList<>(List.of("node", "--test", "--test-concurrency=2",
        "--test-reporter=spec"));
    command.addAll(scripts);
    var out = Files.createTempFile(Path.of("target"), "e2e", ".log");
    var node = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
        .redirectOutput(out.toFile());
    node.environment().putAll(env);
    var process = node.start();
    boolean ended = process.waitFor(SCRIPTS_SECONDS_MAX, TimeUnit.SECONDS);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    assertThat(ended && process.exitValue() == 0).as(Files.readString(out)).isTrue();
  }

  private static Map<String, String> with(Map<String, String> some, Map<String, String> more) {
    var all = new HashMap<>(some);
    all.putAll(more);
    return all;
  }

  /** The Chromium to use; null where there is none. */
  public static @Nullable String browser() {
    var given = System.getenv("CHROMIUM");
    if (given != null && !given.isBlank()) {
      return given;
    }
    return USUAL.stream().filter(path -> Files.isExecutable(Path.of(path))).findFirst()
        .orElse(null);
  }
}
