package dev.stepcast.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.testing.RedisCluster;
import dev.stepcast.platform.testing.RedisSentinel;
import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Trigger, run, stream: on a Redis Cluster, and behind Sentinel across the death of the master. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@EnabledIfSystemProperty(named = "soak", matches = "true")
class RedisGroupsTest {
  private static final Duration WITHIN = Duration.ofSeconds(60);
  private static final String ORDER = "{\"workflow\":\"process-data\","
      + "\"payload\":{\"userId\":\"user-123\",\"action\":\"process-data\"}}";

  @Test
  void runs_end_and_are_seen_on_every_master_of_a_cluster() {
    try (var cluster = RedisCluster.start(3, 0); var all = start(cluster.url())) {
      for (int i = 0; i < 5; i++) {
        seeOneRun(all, trigger(all));
      }
      var room = Http.post(all.url() + "/api/rooms", "{}");
      assertThat(Http.json(room).getString("roomId")).startsWith("room_");
    }
  }

  @Test
  void runs_go_on_after_the_master_has_died() {
    try (var group = RedisSentinel.start(1); var all = start(group.url())) {
      var before = trigger(all);
      seeOneRun(all, before);
      group.awaitReplica();
      group.killMaster();
      group.awaitTakeOver();
      seeOneRun(all, trigger(all));
      seeOneRun(all, before);
    }
  }

  private static Jvm start(String redisUrl) {
    return Jvm.start("dev.stepcast.standalone.StandaloneMain",
        Map.of("REDIS_URL", redisUrl, "KEY_PREFIX", TestRedis.prefix()));
  }

  /** While connections come back one by one, some answers are 503. */
  private static String trigger(Jvm all) {
    var answer = await().atMost(WITHIN).until(() -> Http.post(all.url() + "/api/trigger", ORDER),
        response -> response.statusCode() == 202);
    return Http.json(answer).getString("workflowRunId");
  }

  private static void seeOneRun(Jvm all, String run) {
    try (var stream = EventStream.ofRun(all.url(), run)) {
      var end = stream.awaitEvent("workflow.runFinish");
      assertThat(end.getJsonObject("data").getJsonObject("result"))
          .isEqualTo(new JsonObject().put("success", true).put("workflowRunId", run));
      assertThat(stream.names("workflow.stepFinish")).hasSize(2);
      assertThat(stream.events()).extracting(e -> e.getString("id")).doesNotHaveDuplicates();
    }
  }
}
