package dev.stepcast.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.standalone.house.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The scripts of {@code web/e2e} in a real Chromium against a real Stepcast. Skipped where there is
 * no Chromium, unless {@code BROWSER_TESTS=required}.
 */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class BrowserTest {
  private static final List<String> USUAL = List.of("/usr/bin/chromium",
      "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
  private static final long SCRIPT_SECONDS_MAX = 240;

  private @Nullable Jvm stepcast;

  @BeforeAll
  void start() {
    var browser = browser();
    if (browser == null) {
      assertThat(System.getenv("BROWSER_TESTS"))
          .as("BROWSER_TESTS=required, and no Chromium: set CHROMIUM").isNotEqualTo("required");
    }
    assumeTrue(browser != null, "browser tests skipped: no Chromium found, set CHROMIUM");
    stepcast = Jvm.start("dev.stepcast.standalone.StandaloneMain",
        Map.of("REDIS_URL", TestRedis.url(), "KEY_PREFIX", TestRedis.prefix(),
            "TRIGGER_DEFAULT", "process-data"));
  }

  @AfterAll
  void stop() {
    if (stepcast != null) {
      stepcast.close();
    }
  }

  static Stream<Path> scripts() {
    return Repository.files(".e2e.mjs").stream();
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void passes(Path script) throws IOException, InterruptedException {
    var url = Objects.requireNonNull(stepcast).url();
    var out = Files.createTempFile(Path.of("target"), "e2e", ".log");
    var node = new ProcessBuilder("node", "--test", script.getFileName().toString())
        .directory(Repository.root().resolve(script).resolve("..").normalize().toFile())
        .redirectErrorStream(true).redirectOutput(out.toFile());
    node.environment().putAll(
        Map.of("BASE_URL", url, "CHROMIUM", String.valueOf(browser())));
    var process = node.start();
    boolean ended = process.waitFor(SCRIPT_SECONDS_MAX, TimeUnit.SECONDS);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    assertThat(ended && process.exitValue() == 0).as(Files.readString(out)).isTrue();
  }

  private static @Nullable String browser() {
    var given = System.getenv("CHROMIUM");
    if (given != null && !given.isBlank()) {
      return given;
    }
    return USUAL.stream().filter(path -> Files.isExecutable(Path.of(path))).findFirst()
        .orElse(null);
  }
}
