package dev.stepcast.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Processes whose clocks are hours wrong, each in another way: what happens when, and what is told
 * of it, is by the clock of Redis, which is this test's, too.
 */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class WrongClocksTest {
  private static final List<Duration> WRONG_BY = List.of(Duration.ofHours(2), Duration.ofHours(5),
      Duration.ofHours(3), Duration.ofHours(-4));
  private static final int API = 0;
  private static final int REALTIME = 1;
  private static final int AHEAD = 2;
  private static final Duration WITHIN = Duration.ofSeconds(60);
  private static final long HOUR = TimeUnit.HOURS.toMillis(1);
  private static final long REST = 1_500;
  private static final Pattern LOGGED = Pattern.compile("(?m)^ts=(\\S+)");

  private final Map<String, String> env = Map.of("REDIS_URL", TestRedis.url(), "KEY_PREFIX",
      TestRedis.prefix(), "RUN_LEASE_MS", "3000", "DRAIN_MS", "1000",
      "REALTIME_ACK_SLACK_MS", "60000");
  private final BusyEndpoint endpoint = new BusyEndpoint();
  private List<Jvm> all = List.of();
  private List<String> stories = List.of();
  private String soon = "";
  private long startedAt;

  @BeforeAll
  void start() {
    var mains = List.of("dev.stepcast.api.ApiMain", "dev.stepcast.realtime.RealtimeMain",
        TimedWorker.class.getName(), TimedWorker.class.getName());
    all = IntStream.range(0, mains.size()).mapToObj(
        i -> Jvm.launch(mains.get(i), env, WrongClock.option(WRONG_BY.get(i)))).toList();
    all.forEach(Jvm::awaitListening);
    startedAt = now();
    stories = IntStream.range(0, 6).mapToObj(_ -> trigger("story", null)).toList();
    soon = trigger("child", new JsonObject().put("notBefore", startedAt + REST));
    endpoint.start();
    for (int i = 0; i < 4; i++) {
      ok(Http.post(url(API) + "/v2/publish/" + endpoint.url() + "/" + i, "{}"), 200);
    }
    ok(Http.post(url(API) + "/api/schedules", new JsonObject().put("scheduleId", "each-second")
        .put("cron", "* * * * * *").put("workflow", "child").put("overlap", "allow").encode()),
        201);
  }

  @AfterAll
  void stop() {
    endpoint.close();
    all.forEach(Jvm::kill);
  }

  @Test
  @Order(1)
  void are_really_wrong() {
    for (int i = 0; i < all.size(); i++) {
      var logged = LOGGED.matcher(all.get(i).output());
      assertThat(logged.find()).isTrue();
      var ahead = Duration.between(Instant.now(), Instant.parse(logged.group(1)));
      assertThat(ahead).isBetween(WRONG_BY.get(i).minusMinutes(5), WRONG_BY.get(i).plusMinutes(5));
    }
  }

  @Test
  @Order(2)
  void a_step_that_sleeps_is_shown_asleep() {
    var run = trigger("sleeper", null);
    var view = await().atMost(WITHIN).until(() -> view(run),
        one -> one.getString("state").equals("SLEEPING"));
    assertThat(view.getJsonArray("steps").getJsonObject(0).getString("state"))
        .isEqualTo("SLEEPING");
  }

  @Test
  @Order(3)
  void a_schedule_fires_every_tick_once() {
    var schedule = await().atMost(WITHIN).until(() -> get("/api/schedules/each-second"),
        one -> one.getLong("fired") >= 3);
    assertThat(schedule.getLong("nextAt")).isBetween(startedAt, now() + 30_000);
    assertThat(schedule.getLong("lastAt")).isBetween(startedAt - 1_000, now());
    ok(Http.send(Http.to(url(API) + "/api/schedules/each-second").DELETE()), 204);
    var ticks = get("/api/runs?workflow=child&limit=200").getJsonArray("runs").stream()
        .map(run -> ((JsonObject) run).getString("workflowRunId"))
        .filter(id -> id.startsWith("wfr_each-second."))
        .map(id -> Long.parseLong(id.substring(id.indexOf('.') + 1))).sorted().toList();
    assertThat(ticks).hasSizeGreaterThanOrEqualTo(3).doesNotHaveDuplicates();
    for (int i = 1; i < ticks.size(); i++) {
      assertThat(ticks.get(i)).isEqualTo(ticks.get(i - 1) + 1_000);
    }
  }

  @Test
  @Order(4)
  void an_endpoint_is_called_again_when_its_date_says_with_a_signature_that_holds() {
    var answered = await().atMost(WITHIN).until(endpoint::calls, calls -> calls.size() >= 8);
    assertThat(answered).hasSize(8);
    for (var call : answered) {
      assertThat(call.at()).isGreaterThanOrEqualTo(call.notBefore());
      assertThat(call.signedAt()).isBetween(startedAt / 1_000 - 1, now() / 1_000 + 1);
    }
  }

  @Test
  @Order(5)
  void the_runs_of_a_killed_worker_go_on_when_their_leases_end() {
    var run = "";
    for (long until = 0; until == 0;) {
      var one = trigger("held", new JsonObject().put("payload", now()));
      until = await().atMost(WITHIN).until(() -> held(one), Optional::isPresent).orElseThrow();
      assertThat(until).satisfiesAnyOf(time -> assertThat(time).isZero(),
          time -> assertThat(time).isBetween(startedAt, now() + 3_100));
      run = one;
    }
    all.get(AHEAD).kill();
    var view = ended(run);
    var attempts = view.getJsonArray("steps").getJsonObject(0).getJsonArray("attempts");
    assertThat(attempts).hasSizeGreaterThan(1);
    assertThat(attempts.getJsonObject(1).getLong("startedAt")).isBetween(
        attempts.getJsonObject(0).getLong("startedAt"), view.getLong("endedAt"));
  }

  /** Until when the worker that is ahead holds it; 0 where another one was faster. */
  private Optional<Long> held(String run) {
    var view = view(run);
    var lease = get("/api/runs/" + run + "/why").getJsonObject("lease");
    return view.getLong("endedAt") != null ? Optional.of(0L)
        : lease != null && view.encode().contains("-" + all.get(AHEAD).pid() + "-")
            ? Optional.of(lease.getLong("until"))
            : Optional.empty();
  }

  @Test
  @Order(6)
  void a_run_that_is_to_begin_later_begins_then_and_why_says_so() {
    var later = trigger("child", new JsonObject().put("delayMs", HOUR));
    var why = get("/api/runs/" + later + "/why");
    assertThat(why.getString("why")).isEqualTo("It was triggered to begin at dueAt.");
    assertThat(why.getLong("dueAt")).isEqualTo(view(later).getLong("createdAt") + HOUR);
    assertThat(ended(soon).getLong("endedAt")).isBetween(startedAt + REST, now() + 100);
  }

  @Test
  @Order(7)
  void a_worker_that_is_behind_hears_of_what_is_due_at_once() {
    ended(trigger("parent", null));
  }

  @Test
  @Order(8)
  void runs_rest_as_long_as_they_should_and_every_time_told_of_them_is_right() {
    for (var run : stories) {
      var view = ended(run);
      assertThat(view.getLong("createdAt")).isBetween(startedAt - 100, now());
      assertThat(view.getLong("endedAt")).isLessThan(now() + 100);
      var told = view.getJsonObject("result");
      assertThat(told.getLong("over") - told.getLong("begun")).isGreaterThanOrEqualTo(3 * REST);
      assertThat(Math.abs(told.getJsonObject("own").getLong("own") - now()))
          .isGreaterThan(2 * HOUR);
      try (var stream = EventStream.ofRun(url(REALTIME), run)) {
        stream.awaitEvent("workflow.runFinish");
        var times = new ArrayList<Long>();
        collect(view, times);
        stream.events().forEach(event -> collect(event.getJsonObject("data"), times));
        assertThat(times).hasSizeGreaterThan(20).allSatisfy(time -> assertThat(time)
            .isBetween(view.getLong("createdAt") - 100, view.getLong("endedAt") + 100));
      }
    }
  }

  /** Every instant in {@code json}, but those of the processes' own clocks. */
  private static void collect(Object json, List<Long> into) {
    switch (json) {
      case JsonObject object -> object.fieldNames().stream()
          .filter(name -> !name.equals("own") && object.getValue(name) != null)
          .forEach(name -> collect(object.getValue(name), into));
      case JsonArray array -> array.forEach(one -> collect(one, into));
      case Long number when number > startOfTime() -> into.add(number);
      default -> {
        // Texts, small numbers: no instants.
      }
    }
  }

  private static long startOfTime() {
    return Instant.parse("2020-01-01T00:00:00Z").toEpochMilli();
  }

  @Test
  @Order(9)
  void a_grant_holds_as_long_as_it_says() {
    var answer = Http.json(Http.post(url(API) + "/api/grants",
        "{\"subject\":\"ada\",\"channels\":{\"room_clocks\":[\"subscribe\"]},\"ttlMs\":"
            + HOUR + "}"));
    assertThat(answer.getLong("expiresAt")).isBetween(startedAt + HOUR, now() + HOUR + 100);
    try (var stream = EventStream.as("sc_grant_a=" + answer.getString("grant"), url(REALTIME),
        "channel=room_clocks")) {
      assertThat(stream.status()).isEqualTo(200);
    }
  }

  @Test
  @Order(10)
  void a_browser_that_comes_just_after_a_run_began_hears_of_its_beginning() {
    var run = trigger("child", null);
    try (var stream = EventStream.open(url(REALTIME),
        "channel=" + run + "&last_ack_" + run + "=" + (now() + 5))) {
      stream.awaitEvent("workflow.runStart");
    }
  }

  @Test
  @Order(11)
  void who_is_asked_to_come_back_is_told_since_when() {
    try (var stream = EventStream.open(url(REALTIME), "channel=nothing-yet")) {
      stream.await(frame -> "connected".equals(frame.getString("type")));
      all.get(REALTIME).terminate();
      var frame = stream.await(one -> "reconnect".equals(one.getString("type")));
      assertThat(frame.getLong("timestamp")).isBetween(startedAt, now() + 100);
    }
  }

  private String trigger(String workflow, @Nullable JsonObject more) {
    var body = new JsonObject().put("workflow", workflow);
    if (more != null) {
      body.mergeIn(more);
    }
    var response = Http.post(url(API) + "/api/trigger", body.encode());
    ok(response, 202);
    return Http.json(response).getString("workflowRunId");
  }

  private static void ok(java.net.http.HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
  }

  private JsonObject ended(String run) {
    var view = await().atMost(WITHIN).until(() -> view(run),
        one -> one.getLong("endedAt") != null);
    assertThat(view.getString("state")).as(view.encode()).isEqualTo("SUCCEEDED");
    return view;
  }

  private JsonObject view(String run) {
    return get("/api/runs/" + run);
  }

  private JsonObject get(String path) {
    return Http.json(Http.get(url(API) + path));
  }

  private String url(int jvm) {
    return all.get(jvm).url();
  }

  private static long now() {
    return System.currentTimeMillis();
  }
}
