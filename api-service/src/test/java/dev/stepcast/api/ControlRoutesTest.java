package dev.stepcast.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.config.CommonConfig;
import dev.stepcast.platform.config.Env;
import dev.stepcast.platform.service.ServiceHost;
import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.runs.catalog.Catalog;
import dev.stepcast.runs.control.Runs.RunConfig;
import dev.stepcast.runs.flow.FlowBook;
import dev.stepcast.runs.flow.FlowBook.Claim;
import dev.stepcast.runs.journal.Entry;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.schemas.FlowControl;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.Wire;
import dev.stepcast.schemas.WorkflowInfo;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** What operators do with runs, through the port; nobody runs the runs here. */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ControlRoutesTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @SuppressWarnings("NullAway.Init")
  private ServiceHost host;
  @SuppressWarnings("NullAway.Init")
  private Platform platform;

  @BeforeAll
  void start() throws Exception {
    var env = new Env(Map.of("REDIS_URL", TestRedis.url(), "KEY_PREFIX", TestRedis.prefix(),
        "PORT", "0", "HOOKS_PER_MINUTE", "20"));
    var config = ApiConfig.from(env);
    platform = get(Platform.open(Vertx.vertx(), CommonConfig.from(env)));
    host = new ServiceHost(platform, List.of(new ApiService(platform, config)));
    get(host.start());
    get(new Catalog(platform.redis(), platform.keys(), platform.clock())
        .announce(List.of(new WorkflowInfo("w", "1", new RawJson("{}"), null))));
  }

  @AfterAll
  void stop() throws Exception {
    get(host.stop());
  }

  @Test
  void a_canceled_run_is_restarted_once() throws Exception {
    var run = triggered();
    assertThat(post("/api/runs/" + run + "/restart", "", 409).getString("kind"))
        .isEqualTo("wrong-state");
    var canceled = post("/api/runs/cancel", "{\"filter\":{\"workflow\":\"w\"}}", 200);
    assertThat(canceled.getInteger("done")).isPositive();
    var made = post("/api/runs/" + run + "/restart", "", 201).getString("workflowRunId");
    assertThat(post("/api/runs/" + run + "/restart", "", 201).getString("workflowRunId"))
        .isEqualTo(made).isNotEqualTo(run);
    assertThat(post("/api/runs/wfr_none/resume", "", 404).getString("kind"))
        .isEqualTo("run-unknown");
  }

  @Test
  void every_run_is_meant_only_by_who_says_so() throws Exception {
    var run = triggered();
    for (var wish : List.of("cancel", "pause", "unpause", "resume", "restart")) {
      var refused = post("/api/runs/" + wish, "{\"filter\":{}}", 422);
      assertThat(refused.getString("pointer")).isEqualTo("/filter");
    }
    assertThat(read("/api/runs/" + run, 200).getString("state")).isEqualTo("QUEUED");
    var page = post("/api/runs/cancel", "{\"filter\":{\"all\":true}}", 200);
    assertThat(page.getInteger("matched")).isPositive();
    assertThat(read("/api/runs/" + run, 200).getString("state")).isEqualTo("CANCELED");
    var both = post("/api/runs/cancel", "{\"filter\":{\"all\":true,\"workflow\":\"no\"}}", 200);
    assertThat(both.getInteger("matched")).isZero();
  }

  @Test
  void a_notification_that_nobody_waits_for_is_kept() throws Exception {
    var answer = post("/api/notify/nobody", "{\"data\":{\"a\":1}}", 200);
    assertThat(answer).isEqualTo(new JsonObject().put("notified", 0).put("stored", true));
  }

  @Test
  void a_notification_reaches_a_run_of_an_endpoint_that_waits() throws Exception {
    var to = "http://127.0.0.1:9/flow";
    v2("/v2/trigger/" + to, "{}", "Upstash-Workflow-Init", "true", "Upstash-Workflow-RunId", "e");
    v2("/v2/wait/paid", "{\"url\":\"" + to + "\",\"timeout\":\"1h\",\"step\":{\"stepId\":1,"
        + "\"stepName\":\"wait\",\"stepType\":\"Wait\",\"concurrent\":1}}",
        "Upstash-Workflow-RunId", "e");
    assertThat(read("/api/waiters/paid", 200).getInteger("count")).isOne();
    assertThat(post("/api/notify/paid", "{\"data\":{\"a\":1}}", 200))
        .isEqualTo(new JsonObject().put("notified", 1).put("stored", false));
    assertThat(read("/api/waiters/paid", 200).getInteger("count")).isZero();
    var step = read("/api/runs/wfr_e", 200).getJsonArray("steps").getJsonObject(0);
    assertThat(step.getString("state")).isEqualTo("SUCCEEDED");
    assertThat(post("/api/notify/paid", "{}", 200).getInteger("notified")).isZero();
  }

  @Test
  void a_webhook_takes_what_the_world_sends_if_a_run_has_drawn_it() throws Exception {
    var run = post("/api/trigger", "{\"workflow\":\"w\",\"workflowRunId\":\"orders/42\"}", 202)
        .getString("workflowRunId");
    var drawn = run + "/" + UUID.randomUUID();
    var key = platform.keys().slot(run).key("run", run);
    var entry = Entry.succeeded(new Entry.Step("paid", "webhook", 0), new Entry.Run(1, 0, "test"),
        RawJson.of(drawn), null);
    get(platform.redis().send(key, Request.cmd(Command.HSET).arg(key).arg(Entry.FIELD + "0")
        .arg(Wire.encode(entry))));
    var hook = "/api/hooks/" + URLEncoder.encode(drawn, UTF_8);
    assertThat(post(hook, "paid=1&by=card", 200))
        .isEqualTo(new JsonObject().put("notified", 0).put("stored", true));
    assertThat(read(hook, 200).getBoolean("stored")).isTrue();
    assertThat(read("/api/hooks/" + URLEncoder.encode(run + "/other", UTF_8), 404)
        .getString("kind")).isEqualTo("webhook-unknown");
    post("/api/hooks/paid", "{}", 404);
  }

  @Test
  void the_webhooks_of_one_run_are_not_called_too_often() throws Exception {
    var known = triggered();
    var answers = new ArrayList<HttpResponse<String>>();
    for (int i = 0; i < 40; i++) { // five at once, and one each three seconds
      answers.add(CLIENT.send(HttpRequest.newBuilder(hook(known + "/" + i)).build(),
          BodyHandlers.ofString()));
    }
    assertThat(answers.subList(0, 5)).allMatch(answer -> answer.statusCode() == 404);
    assertThat(answers).anySatisfy(answer -> {
      assertThat(answer.statusCode()).isEqualTo(429);
      assertThat(answer.headers().firstValue("Retry-After")).get().asString().matches("[123]");
      assertThat(new JsonObject(answer.body()).getString("kind")).isEqualTo("too-many-requests");
    });
    var other = CLIENT.send(HttpRequest.newBuilder(hook(triggered() + "/x")).build(),
        BodyHandlers.ofString());
    assertThat(other.statusCode()).isEqualTo(404);
  }

  private URI hook(String id) {
    return uri("/api/hooks/" + URLEncoder.encode(id, UTF_8));
  }

  private void v2(String path, String body, String... headers) throws Exception {
    var answer = CLIENT.send(HttpRequest.newBuilder(uri(path)).headers(headers)
        .POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  @Test
  void headers_of_a_trigger_are_kept_for_the_workflow_where_they_are_meant_to_be()
      throws Exception {
    var request = HttpRequest.newBuilder(uri("/api/trigger"))
        .header("Content-Type", "application/json").header("Stepcast-Forward-Tenant", "a")
        .header("X-Other", "b").POST(BodyPublishers.ofString("{\"workflow\":\"w\"}")).build();
    var answer = CLIENT.send(request, BodyHandlers.ofString());
    var run = new JsonObject(answer.body()).getString("workflowRunId");
    var store = RunStore.redis(platform.redis(), platform.keys(), RunStore.KEPT);
    assertThat(RunConfig.of(get(store.read(run)).orElseThrow()).headers())
        .isEqualTo(Map.of("tenant", "a"));
  }

  @Test
  void why_who_waits_and_how_a_key_stands_are_told() throws Exception {
    var run = post("/api/trigger", "{\"workflow\":\"w\",\"flowControl\":{\"key\":\"k/1\"}}", 202)
        .getString("workflowRunId");
    var why = read("/api/runs/" + run + "/why", 200);
    assertThat(why.getString("state")).isEqualTo("QUEUED");
    assertThat(why.getJsonArray("waits")).isEmpty();
    assertThat(why.getJsonObject("flow").getBoolean("holds")).isFalse();
    assertThat(read("/api/runs/wfr_none/why", 404).getString("kind")).isEqualTo("run-unknown");
    assertThat(read("/api/waiters/nobody-there", 200).getInteger("count")).isZero();
    assertThat(read("/api/flow/k%2F1", 200)).isEqualTo(new JsonObject(
        "{\"key\":\"k/1\",\"active\":[],\"queued\":[],\"activeCount\":0,\"queuedCount\":0}"));
    assertThat(read("/api/nodes", 200).getJsonArray("nodes")).isNotEmpty();
  }

  @Test
  void the_flow_keys_in_use_are_listed_in_pages() throws Exception {
    var book = FlowBook.redis(platform.redis(), platform.keys());
    for (var key : List.of("list/b", "list/a")) {
      get(book.acquire(new Claim(new FlowControl(key, 1, null, null), "wfr_x", 1)));
    }
    var first = read("/api/flow?limit=1", 200);
    assertThat(first).isEqualTo(new JsonObject("{\"keys\":[{\"key\":\"list/a\","
        + "\"activeCount\":1,\"queuedCount\":0}],\"cursor\":\"list/a\"}"));
    assertThat(read("/api/flow?cursor=list/a", 200).getJsonArray("keys")).hasSize(1);
    assertThat(read("/api/flow?limit=0", 400).getString("kind")).isEqualTo("bad-parameter");
  }

  @Test
  void a_schedule_is_made_looked_at_paused_and_deleted() throws Exception {
    var made = post("/api/schedules", "{\"scheduleId\":\"s\",\"cron\":\"0 0 1 1 *\","
        + "\"workflow\":\"w\"}", 201);
    assertThat(made.getLong("nextAt")).isPositive();
    assertThat(read("/api/schedules/s", 200)).isEqualTo(made);
    assertThat(read("/api/schedules", 200).getJsonArray("schedules")).hasSize(1);
    assertThat(post("/api/schedules/s/pause", "", 200).getBoolean("paused")).isTrue();
    assertThat(post("/api/schedules", "{\"cron\":\"x\",\"workflow\":\"w\"}", 422)
        .getString("pointer")).isEqualTo("/cron");
    var deleted = HttpRequest.newBuilder(uri("/api/schedules/s")).DELETE().build();
    assertThat(CLIENT.send(deleted, BodyHandlers.ofString()).statusCode()).isEqualTo(204);
    assertThat(read("/api/schedules/s", 404).getString("kind")).isEqualTo("schedule-unknown");
  }

  private String triggered() throws Exception {
    return post("/api/trigger", "{\"workflow\":\"w\"}", 202).getString("workflowRunId");
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + host.port() + path);
  }

  private JsonObject read(String path, int status) throws Exception {
    var response = CLIENT.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return new JsonObject(response.body());
  }

  private JsonObject post(String path, String body, int status) throws Exception {
    var request = HttpRequest.newBuilder(uri(path))
        .header("content-type", "application/json").POST(BodyPublishers.ofString(body)).build();
    var response = CLIENT.send(request, BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return new JsonObject(response.body());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, SECONDS);
  }
}
