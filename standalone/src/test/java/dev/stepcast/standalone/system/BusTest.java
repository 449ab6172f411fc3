package dev.stepcast.standalone.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.workflow.api.Workflow;
import dev.stepcast.workflow.api.WorkflowContext;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

/** What the nodes ask each other, and what becomes of everything when they cannot. */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class BusTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final Slow slow = new Slow();
  @SuppressWarnings("NullAway.Init")
  private BusHouse house;

  /** One step that goes on until it is interrupted, unless it is asked for nothing. */
  private static final class Slow implements Workflow<Object, Object> {
    private final List<CompletableFuture<Boolean>> interrupted = new CopyOnWriteArrayList<>();

    @Override
    public String name() {
      return "slow";
    }

    @Override
    public @Nullable Object run(WorkflowContext context, Object input) throws Exception {
      if ("now".equals(input)) {
        return context.run("quick", () -> "done");
      }
      return context.run("long", () -> {
        var seen = new CompletableFuture<Boolean>();
        interrupted.add(seen);
        try {
          return new CountDownLatch(1).await(10, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
          seen.complete(true);
          throw e;
        }
      });
    }

    CompletableFuture<Boolean> started(int count) {
      await().atMost(SOON).until(() -> interrupted.size() == count);
      return interrupted.getLast();
    }
  }

  @BeforeAll
  void start() throws Exception {
    house = new BusHouse(slow);
    await().atMost(SOON).until(() -> house.nodes().size() == 5
        && house.nodes().values().stream().noneMatch(node -> node.getBoolean("silent")));
  }

  @AfterAll
  void stop() throws Exception {
    house.close();
  }

  /** The lease lasts ten minutes and no ring reaches the worker: only the bus is that fast. */
  @Test
  @Order(1)
  void a_canceled_or_paused_run_is_interrupted_at_once_and_its_node_told_what_it_did() {
    var canceled = trigger("\"long\"");
    var interrupted = slow.started(1);
    await().atMost(SOON).until(() -> Http.json(Http.get(api("/api/runs/" + canceled + "/why")))
        .containsKey("doing"));
    await().atMost(SOON).until(() -> load(house.worker(), "runs") == 1);
    assertThat(Http.method("DELETE", api("/api/runs/" + canceled)).statusCode()).isEqualTo(200);
    assertThat(interrupted.orTimeout(60, TimeUnit.SECONDS).join()).isTrue();
    var paused = trigger("\"long\"");
    interrupted = slow.started(2);
    assertThat(Http.post(api("/api/runs/" + paused + "/pause"), "").statusCode()).isEqualTo(200);
    assertThat(interrupted.orTimeout(60, TimeUnit.SECONDS).join()).isTrue();
    await().atMost(SOON).until(() -> load(house.worker(), "runs") == 0);
    assertThat(state(canceled)).isEqualTo("CANCELED");
    await().atMost(SOON).until(() -> state(paused).equals("PAUSED"));
  }

  @Test
  @Order(2)
  void each_node_tells_its_connections_and_all_of_a_subject_are_closed_wherever_they_are() {
    try (var one = stream(0, "mallory");
        var other = stream(1, "mallory");
        var kept = stream(1, "alice")) {
      List.of(one, other, kept).forEach(BusTest::connected);
      await().atMost(SOON).until(() -> load(house.realtime(0), "connections") == 1
          && load(house.realtime(1), "connections") == 2);
      house.api().platform().schemas().check("answers/nodes",
          Buffer.buffer(Http.get(api("/api/nodes")).body()));
      assertThat(closed("mallory")).isEqualTo(2);
      one.awaitEnd();
      other.awaitEnd();
      assertThat(closed("mallory")).isZero();
      await().atMost(SOON).until(() -> load(house.realtime(1), "connections") == 1);
      assertThat(ended("alice")).as("asked at the other node").isEqualTo(1);
      kept.awaitEnd();
    }
  }

  @Test
  @Order(3)
  void with_the_bus_cut_runs_rooms_and_streams_go_on_and_every_question_is_answered() {
    var room = Http.json(Http.post(house.chat().url() + "/api/rooms", "{}")).getString("roomId");
    var joined = Http.post(house.chat().url() + "/api/rooms/" + room + "/join", "{}");
    var cookie = joined.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    try (var seat = EventStream.as(cookie, house.realtime(0).url(), "channel=" + room)) {
      connected(seat);
      house.cut(true);
      var run = trigger("\"now\"");
      try (var stream = EventStream.ofRun(house.realtime(1).url(), run)) {
        stream.awaitEvent("workflow.runFinish");
      }
      assertThat(Http.send(Http.to(house.chat().url() + "/api/rooms/" + room + "/messages")
          .header("Cookie", cookie).header("Content-Type", "application/json")
          .POST(BodyPublishers.ofString("{\"text\":\"hi\"}")))
          .statusCode()).isEqualTo(201);
      seat.awaitEvent("chat.message");
      assertThat(answering()).containsExactly(house.api().node());
      assertThat(closed("nobody")).isZero();
      var why = Http.json(Http.get(api("/api/runs/" + run + "/why")));
      assertThat(why.getString("state")).isEqualTo("SUCCEEDED");
      house.cut(false);
      await().atMost(SOON).until(() -> answering().size() == 5);
    }
  }

  /** The last: this node does not come back. */
  @Test
  @Order(4)
  void who_is_about_to_stop_says_so_and_is_shown_as_such() throws Exception {
    var told = new CopyOnWriteArrayList<String>();
    BusHouse.get(house.api().platform().bus().hear("draining",
        news -> told.add(news.getString("node"))));
    var leaving = house.realtime(0);
    var node = leaving.node();
    try (var stream = stream(0, "late")) {
      connected(stream);
      var stopped = house.leave(leaving);
      await().atMost(SOON).pollInterval(Duration.ofMillis(50)).until(() -> house.nodes()
          .getOrDefault(node, new JsonObject()).getBoolean("draining", false));
      await().atMost(SOON).until(() -> told.contains(node));
      BusHouse.get(stopped);
    }
    await().atMost(SOON).until(() -> !house.nodes().containsKey(node));
  }

  private List<String> answering() {
    return house.nodes().values().stream().filter(node -> !node.getBoolean("silent"))
        .map(node -> node.getString("node")).toList();
  }

  private long load(BusHouse.House which, String what) {
    var node = house.nodes().get(which.node());
    return node == null || node.getBoolean("silent") ? -1
        : node.getJsonObject("load").getLong(what, -1L);
  }

  private EventStream stream(int realtime, String subject) {
    var grant = Http.json(Http.post(api("/api/grants"), new JsonObject().put("subject", subject)
        .put("channels", new JsonObject().put("room_x", new JsonArray()
            .add("subscribe")))
        .put("ttlMs", 600_000).encode())).getString("grant");
    return EventStream.as("sc_grant_x=" + grant, house.realtime(realtime).url(),
        "channel=room_x");
  }

  private static void connected(EventStream stream) {
    assertThat(stream.status()).isEqualTo(200);
    stream.await(frame -> "connected".equals(frame.getString("type")));
  }

  private long closed(String subject) {
    return Http.json(Http.method("DELETE", house.realtime(0).url()
        + "/api/realtime/connections?subject=" + subject)).getLong("closed");
  }

  /** Subscriptions of {@code subject} to the room, not its connections. */
  private long ended(String subject) {
    return Http.json(Http.method("DELETE", house.realtime(0).url()
        + "/api/realtime/subscriptions?channel=room_x&subject=" + subject)).getLong("ended");
  }

  private String trigger(String payload) {
    var response = Http.post(api("/api/trigger"),
        "{\"workflow\":\"slow\",\"payload\":" + payload + "}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    return Http.json(response).getString("workflowRunId");
  }

  private String state(String run) {
    return Http.json(Http.get(api("/api/runs/" + run))).getString("state");
  }

  private String api(String path) {
    return house.api().url() + path;
  }
}
