package dev.stepcast.api;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.config.CommonConfig;
import dev.stepcast.platform.config.Env;
import dev.stepcast.platform.service.ServiceHost;
import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.runs.catalog.Catalog;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.WorkflowInfo;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Where new work comes in, while too much is due: nobody runs the runs here. */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class EntrancesTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String TRIGGER = "{\"workflow\":\"w\"}";
  private static final String ALL = "{\"filter\":{\"all\":true}}";
  private static final String TO = "http://127.0.0.1:9/hook";
  private static final String STEP = "{\"stepId\":%d,\"stepName\":\"s\",\"stepType\":\"%s\","
      + "\"out\":\"1\",\"concurrent\":1}";

  @SuppressWarnings("NullAway.Init")
  private ServiceHost host;

  @BeforeAll
  void start() throws Exception {
    var env = new Env(Map.of("REDIS_URL", TestRedis.url(), "KEY_PREFIX", TestRedis.prefix(),
        "PORT", "0", "RUN_QUEUE_MAX", "9"));
    var platform = get(Platform.open(Vertx.vertx(), CommonConfig.from(env)));
    host = get(new ServiceHost(platform,
        List.of(new ApiService(platform, ApiConfig.from(env)))).start());
    get(new Catalog(platform.redis(), platform.keys(), platform.clock())
        .announce(List.of(new WorkflowInfo("w", "1", new RawJson("{}"), null))));
  }

  @AfterAll
  void stop() throws Exception {
    get(host.stop());
  }

  @Test
  void refuse_new_work_while_too_much_is_due_and_let_what_is_accepted_go_on() throws Exception {
    var canceled = run(ok("/api/trigger", TRIGGER));
    ok("/api/runs/cancel", "{\"filter\":{\"workflow\":\"w\"}}");
    ok("/v2/trigger/" + TO, "{}", "Upstash-Workflow-Init", "true", "Upstash-Workflow-RunId",
        "mine");
    await().atMost(30, SECONDS).until(() -> post("/api/trigger", TRIGGER).statusCode() == 503);
    for (var path : List.of("/api/trigger", "/api/runs/" + canceled + "/resume",
        "/api/runs/" + canceled + "/restart", "/api/runs/resume", "/api/runs/restart",
        "/v2/trigger/" + TO, "/v2/publish/" + TO, "/v2/enqueue/q/" + TO, "/v2/dlq/retry",
        "/v2/workflows/dlq/resume", "/v2/workflows/dlq/restart")) {
      refused(path, path.matches("/api/runs/re.*") ? ALL : TRIGGER);
    }
    refused("/v2/batch", "[{\"destination\":\"" + TO + "\",\"body\":\"x\"}]");
    refused("/v2/batch/trigger", "[{\"destination\":\"" + TO + "\",\"body\":\"x\"}]");
    refused("/v2/publish/" + TO, "{}", "Upstash-Workflow-Init", "true",
        "Upstash-Workflow-RunId", "another", "Upstash-Workflow-Trigger-By-Sdk", "true");

    ok("/v2/publish/" + TO, "{}", "Upstash-Workflow-Init", "true", "Upstash-Workflow-RunId",
        "mine", "Upstash-Workflow-Trigger-By-Sdk", "true");
    ok("/v2/publish/" + TO, STEP.formatted(1, "Run"), "Upstash-Workflow-RunId", "mine");
    ok("/v2/publish/" + TO, "{\"workflowRunId\":\"wfr_mine\",\"body\":\"x\",\"step\":"
        + STEP.formatted(2, "Invoke") + "}", "Upstash-Workflow-Init", "true",
        "Upstash-Workflow-RunId", "child", "Upstash-Workflow-Invoke", "true");
    ok("/api/notify/someone", "{}");
    ok("/api/runs/pause", "{\"filter\":{\"workflow\":\"w\"}}");
    ok("/api/runs/cancel", ALL);
    await().atMost(30, SECONDS).until(() -> post("/api/trigger", TRIGGER).statusCode() == 202);
    assertThat(post("/api/runs/" + canceled + "/restart", "").statusCode()).isEqualTo(201);
  }

  @Test
  void take_so_many_messages_in_a_batch_and_no_more() throws Exception {
    for (var path : List.of("/v2/batch", "/v2/batch/trigger")) {
      var answer = post(path, members(1_001));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(413);
      assertThat(answer.body()).contains("at most 1000 messages");
      assertThat(post(path, members(1_000)).statusCode()).isNotEqualTo(413);
    }
  }

  /** None of them can be sent. */
  private static String members(int count) {
    return "[" + String.join(",", Collections.nCopies(count, "{\"destination\":\"nowhere\"}"))
        + "]";
  }

  private void refused(String path, String body, String... headers) throws Exception {
    var answer = post(path, body, headers);
    assertThat(answer.statusCode()).as(path + " " + answer.body()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).as(path).contains("5");
    assertThat(answer.body()).as(path).contains("are due");
  }

  private HttpResponse<String> ok(String path, String body, String... headers) throws Exception {
    var answer = post(path, body, headers);
    assertThat(answer.statusCode()).as(path + " " + answer.body()).isBetween(200, 202);
    return answer;
  }

  private HttpResponse<String> post(String path, String body, String... headers)
      throws Exception {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + host.port() + path))
        .header("content-type", "application/json").POST(BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private static String run(HttpResponse<String> answer) {
    return new JsonObject(answer.body()).getString("workflowRunId");
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, SECONDS);
  }
}
