package dev.stepcast.realtime.transport;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.testing.TestRedis;
import io.micrometer.core.instrument.Gauge;
import io.vertx.core.MultiMap;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WarmUpTest {
  @Test
  void a_node_that_warmed_itself_up_leaves_nothing_behind_and_turns_nobody_away_for_it() {
    var prefix = TestRedis.prefix();
    try (var node = RunningNode.start(Map.of("REDIS_URL", TestRedis.url(), "KEY_PREFIX", prefix,
        "REALTIME_WARM_UP_MS", "700", "REALTIME_CONNECTS_PER_SECOND", "20"))) {
      var keys = node.platform().redis().send("any",
          Request.cmd(Command.KEYS).arg(prefix + "*warm-up*"));
      assertThat(String.valueOf(RunningNode.get(keys))).isEqualTo("[]");
      try (var client = SseClient.open(node.port(), "/api/realtime?channel=x",
          MultiMap.caseInsensitiveMultiMap())) {
        await().atMost(20, SECONDS).until(() -> !client.told("connected").isEmpty());
        await().atMost(20, SECONDS).until(() -> node.platform().metrics()
            .find("realtime_connections").gauges().stream().mapToDouble(Gauge::value).sum() == 1);
      }
      assertThat(node.platform().metrics().get("realtime_deliveries_total").counter().count())
          .as("the warm-up was heard").isPositive();
    }
  }
}
