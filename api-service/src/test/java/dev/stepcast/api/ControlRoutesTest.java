package dev.stepcast.api;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
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

  @BeforeAll
  void start() throws Exception {
    var env = new Env(Map.of("REDIS_URL", TestRedis.url(), "KEY_PREFIX", TestRedis.prefix(),
        "PORT", "0"));
    var config = ApiConfig.from(env);
    var platform = get(Platform.open(Vertx.vertx(), CommonConfig.from(env)));
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
  void a_notification_that_nobody_waits_for_is_kept() throws Exception {
    var answer = post("/api/notify/nobody", "{\"data\":{\"a\":1}}", 200);
    assertThat(answer).isEqualTo(new JsonObject().put("notified", 0).put("stored", true));
  }

  private String triggered() throws Exception {
    return post("/api/trigger", "{\"workflow\":\"w\"}", 202).getString("workflowRunId");
  }

  private JsonObject post(String path, String body, int status) throws Exception {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + host.port() + path))
        .header("content-type", "application/json").POST(BodyPublishers.ofString(body)).build();
    var response = CLIENT.send(request, BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return new JsonObject(response.body());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, SECONDS);
  }
}
