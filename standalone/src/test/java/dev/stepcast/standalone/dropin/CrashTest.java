package dev.stepcast.standalone.dropin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.standalone.system.Jvm;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL of Redis, then of api and worker, while endpoints run steps and take messages. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class CrashTest {
  private static final String MAIN = "dev.stepcast.standalone.StandaloneMain";
  private static final String KEY = "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r";
  private static final Duration WITHIN = Duration.ofMinutes(5);

  @Test
  void loses_no_run_of_an_endpoint(@TempDir Path dir) throws Exception {
    Node.install();
    var signs = Files.createDirectory(dir.resolve("signs"));
    var data = Files.createDirectory(dir.resolve("redis"));
    var redis = TestRedis.own(0, data, "--appendfsync", "always");
    var env = new HashMap<>(Map.of("REDIS_URL", redis.url(), "RUN_LEASE_MS", "4000",
        "QSTASH_TOKEN", "token"));
    try (var programs = Executors.newVirtualThreadPerTaskExecutor();
        var first = Jvm.start(MAIN, env)) {
      var url = first.url().replace("localhost", "127.0.0.1");
      var program = programs.submit(() -> Node.test("crash", Map.of("STEPCAST_URL", url,
          "QSTASH_URL", url, "QSTASH_TOKEN", "token", "QSTASH_CURRENT_SIGNING_KEY", KEY,
          "QSTASH_NEXT_SIGNING_KEY", "sig_next", "SIGNS", signs.toString()), WITHIN));
      awaited(signs, "kill-redis", program);
      redis.kill();
      say(signs, "redis-is-gone");
      awaited(signs, "start-redis", program);
      redis = TestRedis.own(redis.port(), data, "--appendfsync", "always");
      say(signs, "redis-is-back");
      awaited(signs, "kill-stepcast", program);
      first.kill();
      env.put("PORT", String.valueOf(URI.create(url).getPort()));
      try (var second = Jvm.start(MAIN, env)) {
        var outcome = program.get();
        assertThat(outcome.status()).as(outcome.output() + second.output()).isZero();
        assertThat(second.alive()).isTrue();
      }
    } finally {
      redis.close();
    }
  }

  private static void say(Path signs, String sign) throws IOException {
    Files.createFile(signs.resolve(sign));
  }

  private static void awaited(Path signs, String sign, Future<?> program) {
    await().atMost(Duration.ofMinutes(2))
        .until(() -> Files.exists(signs.resolve(sign)) || program.isDone());
  }
}
