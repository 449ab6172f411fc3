package dev.stepcast.api;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.channel.ChannelLog.Limit;
import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.config.CommonConfig;
import dev.stepcast.platform.config.Env;
import dev.stepcast.platform.service.ServiceHost;
import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.runs.catalog.Catalog;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.WorkflowInfo;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** api-service through its port, on real Redis; nobody runs the runs here. */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ApiServiceTest {
  private static final String TOKEN = "t".repeat(20);
  private static final String SAMPLE = "{\"workflow\":\"sample\",\"payload\":{\"n\":1}}";
  private static final String POLICIES = """
    {"channels": [{"pattern": "slow", "access": "public", "rates": {"channelPerMinute": 4}}]}""";
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final Map<String, String> variables = Map.of("REDIS_URL", TestRedis.url(), "KEY_PREFIX",
      TestRedis.prefix(), "PORT", "0", "CHANNELS_CONFIG", policies().toString(),
      "TRIGGER_DEFAULT", "sample", "ALLOWED_ORIGINS", "https://app.example");

  @SuppressWarnings("NullAway.Init")
  private Platform platform;
  @SuppressWarnings("NullAway.Init")
  private ServiceHost host;

  @BeforeAll
  void start() throws Exception {
    host = host(variables);
    get(new Catalog(platform.redis(), platform.keys(), platform.clock())
        .announce(List.of(new WorkflowInfo("sample", "1",
            new RawJson("{\"type\":\"object\",\"required\":[\"n\"],\"properties\":{\"n\":"
                + "{\"type\":\"integer\"}},\"default\":{\"n\":7}}"),
            null))));
  }

  private static Path policies() {
    try {
      var file = Files.createTempFile("channels", ".json");
      file.toFile().deleteOnExit();
      return Files.writeString(file, POLICIES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterAll
  void stop() throws Exception {
    get(host.stop());
  }

  @Nested
  class A_trigger {
    @Test
    void is_accepted_and_the_run_is_there() throws Exception {
      var run = run(post("/api/trigger", SAMPLE, 202));
      assertThat(json(call("GET", "/api/runs/" + run, 200)).getString("state"))
          .isEqualTo("QUEUED");
    }

    @Test
    void with_the_same_idempotency_key_is_the_same_run() throws Exception {
      var first = json(keyed("key-1", SAMPLE, 202));
      var second = json(keyed("key-1", SAMPLE, 202));
      assertThat(second.getString("workflowRunId")).isEqualTo(first.getString("workflowRunId"));
      assertThat(first.getBoolean("deduplicated")).isFalse();
      assertThat(second.getBoolean("deduplicated")).isTrue();
    }

    @Test
    void with_the_same_key_and_another_request_is_a_conflict() throws Exception {
      keyed("key-2", SAMPLE, 202);
      var answer = keyed("key-2", SAMPLE.replace('1', '2'), 409);
      assertThat(json(answer).getString("kind")).isEqualTo("run-conflict");
    }

    @Test
    void with_an_empty_body_starts_the_default_with_its_default_payload() throws Exception {
      var answer = send(request("/api/trigger").POST(BodyPublishers.noBody()), 202);
      var view = json(call("GET", "/api/runs/" + run(answer), 200));
      assertThat(view.getJsonObject("payload")).isEqualTo(new JsonObject().put("n", 7));
    }

    @Test
    void with_an_id_of_ones_own_keeps_it() throws Exception {
      var answer = post("/api/trigger",
          SAMPLE.replace("{\"workflow\"", "{\"workflowRunId\":\"mine-1\",\"workflow\""), 202);
      assertThat(run(answer)).isEqualTo("wfr_mine-1");
    }
  }

  @Test
  void a_canceled_run_ends_and_is_listed_by_its_state() throws Exception {
    var run = run(post("/api/trigger", SAMPLE, 202));
    assertThat(json(call("DELETE", "/api/runs/" + run, 200)).getString("state"))
        .isEqualTo("CANCELED");
    var listed = json(call("GET", "/api/runs?state=CANCELED", 200)).getJsonArray("runs");
    assertThat(listed.stream().map(r -> ((JsonObject) r).getString("workflowRunId")))
        .contains(run);
  }

  @Test
  void a_bad_state_in_a_query_names_the_good_ones() throws Exception {
    var answer = call("GET", "/api/runs?state=odd", 400);
    assertThat(json(answer).getString("detail")).contains("QUEUED");
  }

  @Test
  void lists_of_a_workflow_hear_of_its_runs() throws Exception {
    var run = run(post("/api/trigger", SAMPLE, 202));
    var channel = new ChannelName("workflow:sample");
    await().atMost(30, SECONDS).until(() -> get(
        platform.channels().readAfter(channel, "0-0", new Limit(1_000, 1 << 20))).entries()
        .stream().anyMatch(entry -> entry.data().contains(run)));
  }

  @Nested
  class An_emit {
    @Test
    void of_a_batch_answers_each_one() throws Exception {
      var answers = new JsonArray(post("/api/emit", "[{\"event\":\"note\",\"data\":"
          + "{\"text\":\"a\"}},{\"event\":\"no.such\"}]", 200).body());
      assertThat(answers.getJsonObject(0).getString("id")).matches("\\d+-\\d+");
      assertThat(answers.getJsonObject(1).getJsonObject("problem").getString("kind"))
          .isEqualTo("event-unknown");
    }

    @Test
    void with_the_same_key_is_one_event() throws Exception {
      var event = "{\"event\":\"note\",\"data\":{\"text\":\"a\"},\"key\":\"k\"}";
      var first = json(post("/api/emit", event, 200));
      var second = json(post("/api/emit", event, 200));
      assertThat(first.getBoolean("duplicate")).isFalse();
      assertThat(second.getBoolean("duplicate")).isTrue();
      assertThat(second.getString("id")).isEqualTo(first.getString("id"));
      var batch = new JsonArray(
          post("/api/emit", "[" + event + "," + event.replace("\"k\"", "\"l\"")
              + "]", 200).body());
      assertThat(batch.getJsonObject(0).getString("id")).isEqualTo(first.getString("id"));
      assertThat(batch.getJsonObject(1).getBoolean("duplicate")).isFalse();
    }

    @Test
    void beyond_the_channels_rate_is_told_when_to_come_back() throws Exception {
      var event = "{\"event\":\"note\",\"data\":{\"text\":\"a\"},\"channel\":\"slow\"}";
      var batch = new JsonArray(post("/api/emit", "[" + event + "," + event + "]", 200).body());
      assertThat(batch.getJsonObject(0).getString("id")).isNotNull();
      assertThat(batch.getJsonObject(1).getJsonObject("problem").getString("kind"))
          .isEqualTo("too-many-requests");
      var refused = post("/api/emit", event, 429);
      assertThat(refused.headers().firstValue("Retry-After")).get().asString().matches("1?\\d");
      assertThat(json(refused).getLong("retryAfterMs")).isBetween(1L, 15_000L);
    }

    @Test
    void on_a_runs_channel_needs_the_run() throws Exception {
      var run = run(post("/api/trigger", SAMPLE, 202));
      var event = "{\"event\":\"note\",\"data\":{\"text\":\"a\"},\"channel\":\"" + run + "\"}";
      post("/api/emit", event, 200);
      post("/api/emit", event.replace(run, "wfr_nothere"), 404);
    }
  }

  @Test
  void a_grant_verifies_and_may_be_a_cookie() throws Exception {
    var answer = post("/api/grants", "{\"subject\":\"u\",\"channels\":{\"order-*\":"
        + "[\"subscribe\",\"publish\"]},\"ttlMs\":60000,\"cookie\":\"orders\"}", 201);
    var grant = get(platform.grants().verify(json(answer).getString("grant")));
    assertThat(grant).isNotNull();
    assertThat(grant.channels()).containsEntry("order-*", "sp");
    assertThat(answer.headers().firstValue("Set-Cookie").orElse(""))
        .startsWith("sc_grant_orders=").containsIgnoringCase("HttpOnly")
        .contains("SameSite=Lax");
  }

  @Test
  void an_allowed_origin_gets_its_preflight_answered() throws Exception {
    var answer = send(request("/api/trigger").header("Origin", "https://app.example")
        .method("OPTIONS", BodyPublishers.noBody()), 204);
    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
        .contains("https://app.example");
  }

  @Test
  void problems_have_a_page() throws Exception {
    assertThat(call("GET", "/problems/run-unknown", 200).body()).contains("404");
  }

  @Test
  void beyond_loopback_every_call_needs_the_token() throws Exception {
    var mine = platform;
    var open = new HashMap<>(variables);
    open.putAll(Map.of("API_TOKEN", TOKEN, "GRANT_SECRET", "s".repeat(32)));
    var other = host(open);
    try {
      var url = URI.create("http://127.0.0.1:" + other.port() + "/api/runs");
      var bare = CLIENT.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString());
      assertThat(bare.statusCode()).isEqualTo(401);
      var carried = CLIENT.send(HttpRequest.newBuilder(url)
          .header("Authorization", "Bearer " + TOKEN).build(), BodyHandlers.ofString());
      assertThat(carried.statusCode()).isEqualTo(200);
    } finally {
      get(other.stop());
      platform = mine;
    }
  }

  @Test
  void pages_and_documents_can_be_asked_for_without_their_bodies() throws Exception {
    for (var path : List.of("/", "/docs/", "/openapi.yaml", "/schemas/events/note.json")) {
      assertThat(call("HEAD", path, 200).body()).as(path).isEmpty();
    }
  }

  @Test
  void without_pages_the_way_to_go_on_names_this_very_port() throws Exception {
    assertThat(call("GET", "/", 200).body()).satisfiesAnyOf(
        page -> assertThat(page).startsWith("<!doctype html>"),
        text -> assertThat(text).contains("http://localhost:" + host.port() + "/api/trigger"));
  }

  private ServiceHost host(Map<String, String> env) throws Exception {
    var read = new Env(env);
    platform = get(Platform.open(Vertx.vertx(), CommonConfig.from(read)));
    return get(new ServiceHost(platform,
        List.of(new ApiService(platform, ApiConfig.from(read)))).start());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + host.port() + path));
  }

  private HttpResponse<String> post(String path, String body, int status) throws Exception {
    return send(request(path).header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body)), status);
  }

  private HttpResponse<String> keyed(String key, String body, int status) throws Exception {
    return send(request("/api/trigger").header("Content-Type", "application/json")
        .header("Idempotency-Key", key).POST(BodyPublishers.ofString(body)), status);
  }

  private HttpResponse<String> call(String method, String path, int status) throws Exception {
    return send(request(path).method(method, BodyPublishers.noBody()), status);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request, int status)
      throws Exception {
    var answer = CLIENT.send(request.build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return answer;
  }

  private static JsonObject json(HttpResponse<String> answer) {
    return new JsonObject(answer.body());
  }

  private static String run(HttpResponse<String> answer) {
    return json(answer).getString("workflowRunId");
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
  }
}
