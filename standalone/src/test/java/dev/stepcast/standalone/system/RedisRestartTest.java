package dev.stepcast.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.testing.TestRedis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redis killed and started again under load. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RedisRestartTest {
  private static final String ORDER = "{\"workflow\":\"process-data\","
      + "\"payload\":{\"userId\":\"user-123\",\"action\":\"process-data\"}}";
  private static final Duration WITHIN = Duration.ofSeconds(60);

  @Test
  void services_stay_up_answer_503_and_every_acknowledged_run_finishes(@TempDir Path dir)
      throws InterruptedException {
    // Synced on every write: what was acknowledged is kept even if the kill comes at once.
    var redis = TestRedis.own(0, dir, "--appendfsync", "always");
    try (var stepcast = Jvm.start("dev.stepcast.standalone.StandaloneMain",
        Map.of("REDIS_URL", redis.url(), "RUN_LEASE_MS", "3000"))) {
      var load = new Load(stepcast.url());
      await().atMost(WITHIN).until(() -> load.accepted.size() > 20);
      redis.kill();
      await().atMost(WITHIN).until(() -> load.unavailable.get() > 0);
      try (var _ = TestRedis.own(redis.port(), dir, "--appendfsync", "always")) {
        int before = load.accepted.size();
        await().atMost(WITHIN).until(() -> load.accepted.size() > before + 20);
        load.stop();
        assertThat(load.odd).isEmpty();
        await().atMost(WITHIN).pollInterval(Duration.ofMillis(200))
            .untilAsserted(() -> assertThat(unfinished(stepcast, load.accepted)).isEmpty());
        assertThat(stepcast.alive()).isTrue();
      }
    } finally {
      redis.close();
    }
  }

  private static List<String> unfinished(Jvm stepcast, List<String> runs) {
    return runs.stream().filter(run -> {
      var answer = Http.get(stepcast.url() + "/api/runs/" + run);
      return answer.statusCode() != 200
          || !Http.json(answer).getString("state").equals("SUCCEEDED");
    }).toList();
  }

  /** Triggers without a pause, and notes what is answered. */
  private static final class Load {
    private final List<String> accepted = new CopyOnWriteArrayList<>();
    private final List<String> odd = new CopyOnWriteArrayList<>();
    private final AtomicInteger unavailable = new AtomicInteger();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Thread thread;

    Load(String url) {
      thread = Thread.ofVirtual().start(() -> {
        while (!stopped.get() && accepted.size() < 3_000) {
          var answer = Http.post(url + "/api/trigger", ORDER);
          switch (answer.statusCode()) {
            case 202 -> accepted.add(Http.json(answer).getString("workflowRunId"));
            case 503 -> {
              unavailable.incrementAndGet();
              if (answer.headers().firstValue("Retry-After").isEmpty()) {
                odd.add("503 without Retry-After");
              }
            }
            default -> odd.add(answer.statusCode() + " " + answer.body());
          }
        }
      });
    }

    void stop() throws InterruptedException {
      stopped.set(true);
      thread.join();
    }
  }
}
