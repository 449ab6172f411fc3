package dev.stepcast.standalone.dropin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.standalone.house.Repository;
import dev.stepcast.standalone.system.BrowserTest;
import dev.stepcast.standalone.system.Jvm;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The guide whole: page in Chromium, routes on a Node server. Skipped like BrowserTest. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class GuideTest {
  private static final String TOKEN = "eyJVc2VySUQiOiJkZWZhdWx0VXNlciJ9";
  private static final Duration WITHIN = Duration.ofMinutes(3);

  @Test
  void its_page_shows_each_step_once() throws Exception {
    var browser = BrowserTest.browser();
    if (browser == null) {
      assertThat(System.getenv("BROWSER_TESTS"))
          .as("BROWSER_TESTS=required, and no Chromium: set CHROMIUM").isNotEqualTo("required");
    }
    assumeTrue(browser != null, "no Chromium found, set CHROMIUM");
    assumeTrue(Files.exists(Repository.root().resolve("web/node_modules")), "web not installed");
    Node.install();
    try (var stepcast = Jvm.start("dev.stepcast.standalone.StandaloneMain",
        Map.of("REDIS_URL", TestRedis.url(), "KEY_PREFIX", TestRedis.prefix(), "QSTASH_TOKEN",
            TOKEN, "REDIS_REST_TOKEN", TOKEN, "ENDPOINT_EVENTS", "program"))) {
      var url = stepcast.url().replace("localhost", "127.0.0.1");
      var outcome = Node.test("browser", Map.of("STEPCAST_URL", url, "QSTASH_URL", url,
          "QSTASH_TOKEN", TOKEN, "REDIS_REST_TOKEN", TOKEN, "CHROMIUM", browser), WITHIN);
      assertThat(outcome.status()).as(outcome.output()).isZero();
    }
  }
}
