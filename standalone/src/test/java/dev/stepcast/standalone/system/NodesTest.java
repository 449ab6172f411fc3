package dev.stepcast.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What real processes ask each other over the bus; {@link BusTest} has the rest. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class NodesTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final List<String> MAINS = List.of("api.ApiMain", "realtime.RealtimeMain",
      "workflow.WorkflowMain", "chat.ChatMain");

  private final Map<String, String> env = Map.of("REDIS_URL", TestRedis.url(), "KEY_PREFIX",
      TestRedis.prefix());
  private List<Jvm> all = List.of();

  @AfterEach
  void stop() {
    all.parallelStream().forEach(Jvm::close);
  }

  @Test
  void each_process_tells_its_load_and_the_worker_what_it_does() {
    start();
    await().atMost(SOON).until(() -> services().size() == 4);
    assertThat(services()).containsExactlyInAnyOrder("api-service", "realtime-service",
        "workflow-service", "chat-service");
    var run = trigger("{\"workflow\":\"order-fulfillment\"}");
    try (var stream = EventStream.ofRun(all.get(1).url(), run)) {
      await().atMost(SOON).until(() -> nodes().toString().contains("\"connections\":1"));
      await().atMost(SOON).pollInterval(Duration.ofMillis(20)).until(() -> Http
          .json(Http.get(url() + "/api/runs/" + run + "/why")).containsKey("doing"));
      stream.awaitEvent("workflow.runFinish");
    }
    var why = Http.json(Http.get(url() + "/api/runs/" + run + "/why"));
    assertThat(why.getString("state")).isEqualTo("SUCCEEDED");
    assertThat(why.getString("why")).isNotBlank();
    all.get(3).kill();
    await().atMost(SOON).until(() -> nodes().size() == 3);
  }

  private void start() {
    all = IntStream.range(0, MAINS.size()).mapToObj(i -> {
      var own = new HashMap<>(env);
      own.put("CLUSTER_SECRET", "the secret that all of these processes share");
      return Jvm.launch("dev.stepcast." + MAINS.get(i), own);
    }).toList();
    all.forEach(Jvm::awaitListening);
  }

  private JsonArray nodes() {
    return Http.json(Http.get(url() + "/api/nodes")).getJsonArray("nodes");
  }

  private List<String> services() {
    return nodes().stream().map(node -> ((JsonObject) node).getJsonArray("services"))
        .filter(services -> services != null).map(services -> services.getString(0)).toList();
  }

  private String trigger(String body) {
    var response = Http.post(url() + "/api/trigger", body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    return Http.json(response).getString("workflowRunId");
  }

  private String url() {
    return all.getFirst().url();
  }
}
