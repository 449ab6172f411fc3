package dev.stepcast.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stepcast.platform.testing.TestRedis;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
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

/** What is refused, how, and that a refusal says what to do and echoes nothing. */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class BadInputTest {
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
