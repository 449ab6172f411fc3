package dev.stepcast.standalone.dropin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.standalone.system.Jvm;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL of api and worker while endpoints run steps. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class CrashTest {
  private static final String MAIN = "dev.stepcast.standalone.StandaloneMain";
  private static final String KEY = "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r";
  private static final Duration WITHIN = Duration.ofMinutes(3);

  @Test
  void loses_no_run_of_an_endpoint(@TempDir Path dir) throws Exception {
    Node.install();
    var env = new HashMap<>(Map.of("REDIS_URL", TestRedis.url(), "KEY_PREFIX",
        TestRedis.prefix(), "RUN_LEASE_MS", "2000", "QSTASH_TOKEN", "token"));
    var underWay = dir.resolve("under-way");
    try (var programs = Executors.newVirtualThreadPerTaskExecutor();
        var first = Jvm.start(MAIN, env)) {
      var url = first.url().replace("localhost", "127.0.0.1");
      var program = programs.submit(() -> Node.test("crash", Map.of("STEPCAST_URL", url,
          "QSTASH_URL", url, "QSTASH_TOKEN", "token", "QSTASH_CURRENT_SIGNING_KEY", KEY,
          "QSTASH_NEXT_SIGNING_KEY", "sig_next", "UNDER_WAY", underWay.toString()), WITHIN));
      await().atMost(Duration.ofMinutes(1))
          .until(() -> Files.exists(underWay) || program.isDone());
      first.kill();
      env.put("PORT", String.valueOf(URI.create(url).getPort()));
      try (var second = Jvm.start(MAIN, env)) {
        var outcome = program.get();
        assertThat(outcome.status()).as(outcome.output()).isZero();
        assertThat(second.alive()).isTrue();
      }
    }
  }
}
