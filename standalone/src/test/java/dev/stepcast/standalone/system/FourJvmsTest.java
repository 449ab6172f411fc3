package dev.stepcast.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** The four main classes on one Redis, two realtime nodes and two workflow nodes among them. */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class FourJvmsTest {
  private static final String ORDER = "{\"workflow\":\"process-data\","
      + "\"payload\":{\"userId\":\"user-123\",\"action\":\"process-data\"}}";

  private final Map<String, String> env = Map.of("REDIS_URL", TestRedis.url(), "KEY_PREFIX",
      TestRedis.prefix(), "RUN_LEASE_MS", "3000");
  private List<Jvm> all = List.of();

  @BeforeAll
  void start() {
    all = Stream.of("api.ApiMain", "realtime.RealtimeMain", "realtime.RealtimeMain",
        "workflow.WorkflowMain", "workflow.WorkflowMain", "chat.ChatMain")
        .map(main -> Jvm.launch("dev.stepcast." + main, env)).toList();
    all.forEach(Jvm::awaitListening);
  }

  @AfterAll
  void stop() {
    all.parallelStream().forEach(Jvm::close);
  }

  @Test
  void a_run_is_seen_live_on_both_realtime_nodes_each_event_once_in_order() {
    var run = trigger(ORDER);
    try (var one = streamOf(1, run); var two = streamOf(2, run)) {
      for (var stream : List.of(one, two)) {
        var end = stream.awaitEvent("workflow.runFinish");
        assertThat(end.getJsonObject("data").getJsonObject("result"))
            .isEqualTo(new JsonObject().put("success", true).put("workflowRunId", run));
        assertThat(stream.names("workflow.stepFinish")).hasSize(2);
        assertThat(stream.names("workflow.runFinish")).hasSize(1);
        assertThat(stream.events()).extracting(e -> e.getString("id")).doesNotHaveDuplicates();
        assertThat(stream.events().stream().filter(e -> e.getString("event").endsWith("Finish"))
            .map(e -> e.getJsonObject("data").getString("stepName", "end")))
            .containsExactly("validate-data", "process-action", "end");
      }
    }
  }

  @Test
  void the_same_over_websocket_also_for_one_who_comes_late() {
    var run = trigger(ORDER);
    try (var first = streamOf(1, run)) {
      first.awaitEvent("workflow.runFinish");
      try (var late = EventSocket.ofRun(url(2), run)) {
        late.awaitEvent("workflow.runFinish");
        assertThat(late.events()).isEqualTo(first.events());
      }
    }
  }

  @Test
  void a_worker_killed_in_the_middle_of_a_step_loses_nothing() {
    var run = trigger("{\"workflow\":\"order-fulfillment\"}");
    try (var stream = streamOf(1, run)) {
      stream.awaitEvent("workflow.stepFinish");
      var holder = holder(run);
      holder.kill();
      stream.awaitEvent("workflow.runFinish");
      var finished = stream.events().stream()
          .filter(e -> e.getString("event").equals("workflow.stepFinish"))
          .map(e -> e.getJsonObject("data").getInteger("index")).toList();
      assertThat(finished).doesNotHaveDuplicates();
      assertThat(view(run).getString("state")).isEqualTo("SUCCEEDED");
    }
  }

  @Test
  void a_room_is_shared_through_chat_and_realtime() {
    var made = Http.json(Http.post(url(5) + "/api/rooms", "{}"));
    assertThat(made.getString("roomId")).startsWith("room_");
    assertThat(Http.get(url(5) + "/api/rooms/" + made.getString("roomId")).statusCode())
        .isEqualTo(200);
    try (var stranger = EventStream.ofRun(url(1),
        made.getString("roomId"))) {
      assertThat(stranger.status()).isEqualTo(401);
    }
  }

  private Jvm holder(String run) {
    await().atMost(Duration.ofSeconds(30)).until(() -> worker(run) > 0);
    long pid = worker(run);
    return all.subList(3, 5).stream().filter(jvm -> jvm.pid() == pid).findFirst().orElseThrow();
  }

  /** Workers name themselves {@code host-pid-…}; the last attempt tells who holds the run. */
  private long worker(String run) {
    var steps = view(run).getJsonArray("steps");
    for (int i = steps.size() - 1; i >= 0; i--) {
      var attempts = steps.getJsonObject(i).getJsonArray("attempts");
      for (int j = attempts.size() - 1; j >= 0; j--) {
        var worker = attempts.getJsonObject(j).getString("worker", "");
        for (var jvm : all.subList(3, 5)) {
          if (worker.contains("-" + jvm.pid() + "-") && jvm.alive()) {
            return jvm.pid();
          }
        }
      }
    }
    return -1;
  }

  private JsonObject view(String run) {
    return Http.json(Http.get(url(0) + "/api/runs/" + run));
  }

  private String trigger(String body) {
    var response = Http.post(url(0) + "/api/trigger", body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    return Http.json(response).getString("workflowRunId");
  }

  private String url(int jvm) {
    return all.get(jvm).url();
  }

  private EventStream streamOf(int jvm, String run) {
    return EventStream.ofRun(url(jvm), run);
  }
}
