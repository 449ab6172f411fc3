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
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** What is a little too large or too long, and what is just not. */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class LimitsTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final int MIB = 1024 * 1024;

  @SuppressWarnings("NullAway.Init")
  private ServiceHost host;

  @BeforeAll
  void start() throws Exception {
    var env = new Env(Map.of("REDIS_URL", TestRedis.url(), "KEY_PREFIX", TestRedis.prefix(),
        "PORT", "0"));
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
  void a_payload_has_at_most_a_mebibyte() throws Exception {
    trigger("\"payload\":\"" + "x".repeat(MIB - 2) + "\"", 202);
    var refused = trigger("\"payload\":\"" + "x".repeat(MIB - 1) + "\"", 413);
    assertThat(refused.getString("kind")).isEqualTo("payload-too-large");
    assertThat(refused.getInteger("bytesMax")).isEqualTo(MIB);
  }

  @Test
  void labels_and_names_are_short_and_few() throws Exception {
    trigger("\"labels\":[" + labels(10, 100) + "]", 202);
    assertThat(trigger("\"labels\":[" + labels(11, 5) + "]", 422).getString("pointer"))
        .isEqualTo("/labels");
    assertThat(trigger("\"labels\":[" + labels(1, 101) + "]", 422).getString("pointer"))
        .isEqualTo("/labels/0");
    assertThat(trigger("\"workflowRunId\":\"" + "i".repeat(197) + "\"", 422).getString("pointer"))
        .isEqualTo("/workflowRunId");
    var long1 = json(post("/api/trigger", "{\"workflow\":\"" + "w".repeat(201) + "\"}"), 422);
    assertThat(long1.getString("pointer")).isEqualTo("/workflow");
    var key = json(post("/api/trigger", "{\"workflow\":\"w\"}", "Idempotency-Key",
        "k".repeat(201)), 422);
    assertThat(key.getString("detail")).contains("Idempotency-Key").contains("200");
    assertThat(json(post("/api/emit", "{\"event\":\"note\",\"channel\":\"" + "c".repeat(201)
        + "\",\"data\":{\"text\":\"a\"}}"), 422).getString("pointer")).isEqualTo("/channel");
  }

  @Test
  void an_events_data_and_a_batch_are_bounded() throws Exception {
    var refused = json(post("/api/emit", "{\"event\":\"note\",\"data\":{\"text\":\""
        + "x".repeat(256 * 1024) + "\"}}"), 413);
    assertThat(refused.getString("kind")).isEqualTo("event-too-large");
    assertThat(refused.getInteger("bytesMax")).isEqualTo(256 * 1024);
    var event = "{\"event\":\"note\",\"data\":{\"text\":\"a\"}}";
    assertThat(post("/api/emit", "[" + many(100, event) + "]").statusCode()).isEqualTo(200);
    assertThat(json(post("/api/emit", "[" + many(101, event) + "]"), 422).getString("detail"))
        .contains("100");
  }

  @Test
  void a_notification_has_at_most_a_mebibyte() throws Exception {
    var refused = json(post("/api/notify/e", "{\"data\":\"" + "x".repeat(MIB) + "\"}"), 413);
    assertThat(refused.getInteger("bytesMax")).isEqualTo(MIB);
  }

  @Test
  void a_message_of_a_program_has_at_most_eight() throws Exception {
    var to = "/v2/publish/http://127.0.0.1:9/x";
    assertThat(post(to, "x".repeat(8 * MIB)).statusCode()).isEqualTo(200);
    var refused = post(to, "x".repeat(8 * MIB + 1));
    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(refused.body()).contains("exceeds the limit");
  }

  @Test
  void a_page_has_at_most_two_hundred() throws Exception {
    var answer = CLIENT.send(HttpRequest.newBuilder(uri("/api/runs?limit=201")).build(),
        BodyHandlers.ofString());
    assertThat(json(answer, 400).getString("detail")).contains("200");
  }

  private static String labels(int count, int length) {
    return IntStream.range(0, count).mapToObj(i -> "\"" + i + "l".repeat(length - 1) + "\"")
        .map(label -> label.length() > length + 2 ? label.replaceFirst("l", "") : label)
        .collect(Collectors.joining(","));
  }

  private static String many(int count, String one) {
    return IntStream.range(0, count).mapToObj(_ -> one).collect(Collectors.joining(","));
  }

  private JsonObject trigger(String member, int status) throws Exception {
    return json(post("/api/trigger", "{\"workflow\":\"w\"," + member + "}"), status);
  }

  private static JsonObject json(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return new JsonObject(answer.body());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + host.port() + path);
  }

  private HttpResponse<String> post(String path, String body, String... headers)
      throws Exception {
    var request = HttpRequest.newBuilder(uri(path)).header("content-type", "application/json")
        .POST(BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, SECONDS);
  }
}
