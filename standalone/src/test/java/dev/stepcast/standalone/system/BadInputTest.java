package dev.stepcast.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.stepcast.platform.testing.TestRedis;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused, how, and that a refusal says what to do and echoes nothing. */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class BadInputTest {
  /** What takes any query. */
  private static final Set<String> OPEN = Set.of("/api/realtime", "/api/hooks/{eventId}");

  @SuppressWarnings("NullAway.Init")
  private Jvm stepcast;

  @BeforeAll
  void start() {
    stepcast = Jvm.start("dev.stepcast.standalone.StandaloneMain",
        Map.of("REDIS_URL", TestRedis.url(), "KEY_PREFIX", TestRedis.prefix()));
  }

  @AfterAll
  void stop() {
    stepcast.close();
  }

  @Test
  void not_json() {
    refused(trigger("{oops"), 400, "not-json");
  }

  @Test
  void wrong_types_are_named_by_pointer() {
    var answer = trigger("{\"workflow\":7}");
    refused(answer, 422, "invalid");
    assertThat(Http.json(answer).getString("pointer")).isEqualTo("/workflow");
  }

  @Test
  void an_unknown_member() {
    refused(trigger("{\"workflow\":\"process-data\",\"payLoad\":1}"), 422, "invalid");
  }

  @Test
  void a_wrong_content_type() {
    refused(Http.send(Http.to(url("/api/trigger")).header("Content-Type", "text/plain")
        .POST(BodyPublishers.ofString("{}"))), 415, "media-type");
  }

  @Test
  void an_empty_body_without_a_default_workflow() {
    refused(Http.send(Http.to(url("/api/trigger")).POST(BodyPublishers.noBody())), 400,
        "workflow-missing");
  }

  @Test
  void an_unknown_workflow() {
    refused(trigger("{\"workflow\":\"no-such\"}"), 404, "workflow-unknown");
  }

  @Test
  void a_payload_that_does_not_fit_the_workflows_schema() {
    var answer = trigger("{\"workflow\":\"process-data\",\"payload\":{\"userId\":9}}");
    refused(answer, 422, "invalid");
    assertThat(Http.json(answer).getString("pointer")).startsWith("/payload");
  }

  @Test
  void an_oversized_payload() {
    refused(trigger("{\"workflow\":\"process-data\",\"payload\":\"" + "x".repeat(1_200_000)
        + "\"}"), 413, "payload-too-large");
  }

  @Test
  void an_unknown_run() {
    refused(Http.get(url("/api/runs/wfr_nothere")), 404, "run-unknown");
    refused(Http.method("DELETE", url("/api/runs/wfr_nothere")), 404, "run-unknown");
  }

  @Test
  void an_unknown_event_and_one_that_fails_its_schema() {
    refused(emit("{\"event\":\"no.such\"}"), 422, "event-unknown");
    refused(emit("{\"event\":\"order.progress\",\"data\":{\"percent\":\"much\"}}"), 422,
        "event-invalid");
  }

  @Test
  void an_event_on_the_channel_of_a_run_that_is_not_there() {
    refused(emit("{\"event\":\"order.progress\",\"data\":{\"percent\":1},"
        + "\"channel\":\"wfr_nothere\"}"), 404, "channel-unknown");
  }

  @Test
  void too_many_channels() {
    var query = IntStream.range(0, 51).mapToObj(i -> "channel=c" + i)
        .collect(Collectors.joining("&"));
    refused(Http.get(url("/api/realtime?" + query)), 400, "too-many-channels");
  }

  @Test
  void no_grant_for_a_room() {
    refused(Http.get(url("/api/realtime?channel=room_nothere")), 401, "grant-required");
  }

  @Test
  void a_room_that_never_was() {
    refused(Http.get(url("/api/rooms/room_aaaaaaaaaaaaaaaaaaaaaaaaaa")), 404, "room-unknown");
  }

  @Test
  void a_wrong_path_and_a_wrong_method() {
    refused(Http.get(url("/api/nothing")), 404, "not-found");
    refused(Http.method("PUT", url("/api/trigger")), 405, "method-not-allowed");
    refused(Http.method("GET", url("/api/trigger")), 405, "method-not-allowed");
    refused(Http.method("ODD", url("/api/nothing")), 404, "not-found");
  }

  @ParameterizedTest
  @CsvSource({"GET, /api/trigger, POST", "ODD, /api/trigger, POST", "OPTIONS, /api/trigger/, POST",
      "PUT, /api/runs/wfr_x, 'DELETE, GET'", "PATCH, /api/grants, 'DELETE, POST'",
      "PUT, /api/schedules/a%2Fb, 'DELETE, GET'", "HEAD, /api/hooks/x, 'GET, POST, PUT'",
      "PUT, /api/rooms/r/messages/m, 'DELETE, PATCH'", "POST, /api/realtime, GET",
      "POST, /openapi.yaml, 'GET, HEAD'"})
  void a_wrong_method_is_told_the_right_ones(String method, String path, String allowed) {
    var answer = Http.method(method, url(path));
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).contains(allowed);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
  }

  @Test
  void an_unknown_parameter_is_told_those_that_openapi_lists() throws IOException {
    var paths = new YAMLMapper().readTree(Http.get(url("/openapi.yaml")).body());
    for (var path : paths.path("paths").properties()) {
      for (var method : path.getValue().properties()) {
        if (!OPEN.contains(path.getKey())) {
          var answer = Http.method(method.getKey().toUpperCase(Locale.ROOT),
              url(path.getKey().replaceAll("\\{\\w+}", "x") + "?stat=1"));
          refused(answer, 400, "bad-parameter");
          assertThat(Http.json(answer).getString("detail")).startsWith("stat: ");
          assertThat(Http.json(answer).getJsonArray("parameters").stream().map(String::valueOf))
              .as(path.getKey() + " " + method.getKey())
              .containsExactlyElementsOf(parameters(method.getValue(), paths));
        }
      }
    }
  }

  @Test
  void parameters_of_doors_that_others_knock_at() {
    try (var stream = EventStream.open(stepcast.url(), "channel=odd&utm_source=x")) {
      assertThat(stream.status()).isEqualTo(200);
    }
    refused(Http.get(url("/api/hooks/x?token=y")), 404, "webhook-unknown");
    assertThat(Http.get(url("/?utm_source=x")).statusCode()).isEqualTo(200);
    assertThat(Http.get(url("/v2/events?odd=x")).statusCode()).isEqualTo(200);
  }

  @Test
  void a_parameter_that_comes_twice() {
    refused(Http.get(url("/api/runs?limit=1&limit=2")), 400, "bad-parameter");
    assertThat(Http.get(url("/api/runs?limit=1&state=")).statusCode()).isEqualTo(200);
  }

  private static List<String> parameters(JsonNode operation, JsonNode document) {
    var names = new ArrayList<String>();
    for (var one : operation.path("parameters")) {
      var parameter = one.has("$ref") ? document.at(one.get("$ref").asText().substring(1)) : one;
      if (parameter.path("in").asText().equals("query")) {
        names.add(parameter.path("name").asText());
      }
    }
    return names.stream().sorted().toList();
  }

  @Test
  void a_foreign_origin_and_a_foreign_host_on_loopback() {
    refused(Http.send(Http.to(url("/api/runs")).header("Origin", "https://evil.example").GET()),
        403, "foreign-origin");
    refused(Http.send(Http.to(url("/api/runs")).header("Host", "evil.example").GET()), 403,
        "foreign-origin");
  }

  @Test
  void malformed_acks_are_now_and_never_an_error() {
    for (var ack : new String[]{"garbage", "-1", "9".repeat(60), "1-2-3", "%00", ""}) {
      try (var stream = EventStream.open(stepcast.url(), "channel=odd&last_ack_odd=" + ack)) {
        assertThat(stream.status()).as(ack).isEqualTo(200);
      }
    }
  }

  private static void refused(HttpResponse<String> answer, int status, String kind) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    var problem = Http.json(answer);
    assertThat(problem.getString("kind")).isEqualTo(kind);
    assertThat(problem.getString("type")).isEqualTo("/problems/" + kind);
    assertThat(problem.getInteger("status")).isEqualTo(status);
    assertThat(problem.getString("detail")).isNotBlank();
  }

  private HttpResponse<String> trigger(String body) {
    return Http.post(url("/api/trigger"), body);
  }

  private HttpResponse<String> emit(String body) {
    return Http.post(url("/api/emit"), body);
  }

  private String url(String path) {
    return stepcast.url() + path;
  }
}
