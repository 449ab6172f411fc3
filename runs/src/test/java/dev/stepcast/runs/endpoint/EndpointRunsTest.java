package dev.stepcast.runs.endpoint;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.runs.endpoint.Deliveries.Failure;
import dev.stepcast.runs.endpoint.Deliveries.Leased;
import dev.stepcast.runs.query.RunQueries;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.runs.store.RunStore.Control;
import dev.stepcast.runs.store.RunStore.Remade;
import dev.stepcast.runs.store.RunStore.Retention;
import dev.stepcast.schemas.Attempt;
import dev.stepcast.schemas.OpenWait;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.StepError;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** What no endpoint sees: how its runs lie in Redis between its calls. */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class EndpointRunsTest {
  private final Vertx vertx = Vertx.vertx();
  private final RedisLink redis = RedisLink.open(vertx, TestRedis.url(), 2);

  @BeforeAll
  void connect() {
    await().atMost(20, SECONDS).until(redis::up);
  }

  @AfterAll
  void close() throws Exception {
    get(redis.close().eventually(vertx::close));
  }

  @Test
  void a_paused_run_is_not_delivered_until_it_is_unpaused() throws Exception {
    var place = new EndpointPlace(redis);
    place.start("wfr_a", "{}");
    var first = place.take().getFirst();
    assertThat(get(place.runs.pause("wfr_a"))).isEqualTo(Control.DONE);
    assertThat(get(place.runs.pause("wfr_a"))).isEqualTo(Control.UNCHANGED);
    place.submit("wfr_a", 1);
    get(place.deliveries.settle(first, Map.of()));
    assertThat(place.take()).isEmpty();
    assertThat(place.field("wfr_a", "st")).isEqualTo("PAUSED");
    assertThat(get(place.runs.unpause("wfr_a"))).isEqualTo(Control.DONE);
    assertThat(get(place.runs.unpause("wfr_a"))).isEqualTo(Control.WRONG_STATE);
    assertThat(place.take()).extracting(Leased::slot).containsExactly("1");
    assertThat(place.field("wfr_a", "st")).isEqualTo("RUNNING");
  }

  @Test
  void an_ended_run_is_kept_until_all_that_is_left_has_been_told() throws Exception {
    var place = new EndpointPlace(redis);
    place.start("wfr_a", "{}");
    place.fail(place.take().getFirst());
    assertThat(place.field("wfr_a", "st")).isEqualTo("FAILED");
    assertThat(place.ttl("wfr_a")).isEqualTo(-1);
    var callback = place.take().getFirst();
    assertThat(callback.slot()).isEqualTo("f");
    get(place.deliveries.settle(callback, Map.of()));
    assertThat(place.ttl("wfr_a")).isPositive();
  }

  @Test
  void an_ended_run_lives_on_under_another_name_when_its_id_is_used_again() throws Exception {
    var place = new EndpointPlace(redis);
    place.start("wfr_a", "{\"n\":1}");
    place.fail(place.take().getFirst());
    place.start("wfr_a", "{\"n\":1}"); // the same request soon after: a client that heard nothing
    assertThat(place.field("wfr_a", "st")).isEqualTo("FAILED");
    place.start("wfr_a", "{\"n\":2}");
    assertThat(place.field("wfr_a", "st")).isEqualTo("QUEUED");
    var old = place.field("wfr_a", "old");
    assertThat(EndpointRuns.nameOf(old)).isEqualTo("wfr_a");
    assertThat(place.field(old, "st")).isEqualTo("FAILED");
    assertThat(place.field(old, "in")).isEqualTo("{\"n\":1}");
    assertThat(get(place.runs.dead())).containsExactly(old);
    // What is left to be told about the old one is told still.
    assertThat(place.take()).extracting(Leased::member).containsExactlyInAnyOrder(old + "#f",
        "wfr_a#0");
  }

  @Test
  void labels_list_the_archived_run_and_the_resumed_one_by_their_own_ids() throws Exception {
    var place = new EndpointPlace(redis);
    place.start("wfr_a", "{\"n\":1}", "red");
    place.fail(place.take().getFirst());
    place.start("wfr_a", "{\"n\":2}", "blue");
    var old = place.field("wfr_a", "old");
    assertThat(place.labeled("red")).containsExactly(old);
    assertThat(place.labeled("blue")).containsExactly("wfr_a");
    var made = ((Remade.Made) EndpointPlace
        .get(place.runs.resume(old, UnaryOperator.identity()))).id();
    assertThat(place.labeled("red")).containsExactlyInAnyOrder(old, made);
  }

  @Test
  void an_ended_run_is_kept_as_long_as_its_state_says() throws Exception {
    var place = new EndpointPlace(redis,
        new Retention(Duration.ofMinutes(10), Duration.ofMinutes(50)));
    place.start("wfr_a", "{}");
    place.start("wfr_b", "{}");
    EndpointPlace.get(place.runs.finish("wfr_a", "1"));
    EndpointPlace.get(place.runs.cancel("wfr_b"));
    assertThat(place.ttl("wfr_a")).isBetween(1L, 600_000L);
    assertThat(place.ttl("wfr_b")).isBetween(600_001L, 3_000_000L);
  }

  @Test
  void a_delivery_under_way_in_a_run_that_ends_is_handed_out_once_more_to_be_closed()
      throws Exception {
    var place = new EndpointPlace(redis);
    place.start("wfr_a", "{}");
    get(place.deliveries.take(0, 10, "dead node", Duration.ofMillis(1)));
    get(place.runs.cancel("wfr_a"));
    var left = await().atMost(20, SECONDS).until(place::take, taken -> !taken.isEmpty());
    assertThat(left.getFirst().before()).isEqualTo(-1);
    get(place.deliveries.settle(left.getFirst(), Map.of()));
    assertThat(place.take()).isEmpty();
  }

  @Test
  void a_delivery_of_a_lost_node_is_not_made_again_where_its_step_is_recorded() throws Exception {
    var place = new EndpointPlace(redis);
    place.start("wfr_a", "{}");
    get(place.deliveries.take(0, 10, "dead node", Duration.ofMillis(1)));
    place.submit("wfr_a", 1);
    var again = await().atMost(20, SECONDS).until(place::take, taken -> !taken.isEmpty());
    assertThat(again).extracting(Leased::slot).containsExactly("1");
    assertThat(place.take()).isEmpty();
  }

  @Test
  void a_resumed_run_asks_for_the_child_anew_that_the_old_one_waited_for() throws Exception {
    var place = new EndpointPlace(redis);
    place.start("wfr_a", "{}");
    place.start("wfr_child", "{}");
    place.submit("wfr_a", 1);
    place.invoke("wfr_a", 2, "wfr_child");
    place.settle();
    get(place.runs.cancel("wfr_a"));
    var made = ((Remade.Made) get(place.runs.resume("wfr_a", UnaryOperator.identity()))).id();
    assertThat(place.field("wfr_child", "st")).as("its answer would reach nobody")
        .isEqualTo("CANCELED");
    var again = place.take().stream().filter(one -> one.id().equals(made)).toList();
    assertThat(again).singleElement().satisfies(one -> {
      assertThat(one.slot()).isEqualTo("1");
      assertThat(one.spec().next()).isEqualTo(2);
      assertThat(one.messages()).hasSize(2);
    });
    assertThat(place.invoke(made, 2, "wfr_other")).contains("invoke:wfr_other");
    get(place.deliveries.settle(again.getFirst(), Map.of()));
    assertThat(get(place.runs.notify(made, "invoke:wfr_other", ",\"out\":\"{}\"}", false)))
        .isTrue();
    assertThat(place.take()).extracting(Leased::member).containsExactly(made + "#2");
  }

  @Test
  void a_resumed_run_makes_no_delivery_again_whose_work_is_recorded() throws Exception {
    var place = new EndpointPlace(redis);
    place.start("wfr_a", "{}");
    place.take();
    place.submit("wfr_a", 1); // and its node is lost before it says so
    EndpointPlace.get(place.runs.cancel("wfr_a"));
    var made = ((Remade.Made) EndpointPlace
        .get(place.runs.resume("wfr_a", UnaryOperator.identity()))).id();
    var taken = await().atMost(20, SECONDS).until(place::take, found -> !found.isEmpty());
    assertThat(taken).extracting(Leased::member).containsExactly(made + "#1");
  }

  @Test
  void why_it_stands_where_it_stands_is_told() throws Exception {
    var place = new EndpointPlace(redis);
    var queries = new RunQueries(redis, place.keys,
        RunStore.redis(redis, place.keys, RunStore.KEPT), Clock.systemUTC());
    place.start("wfr_a", "{}");
    assertThat(EndpointPlace.get(queries.why("wfr_a")).orElseThrow().dueAt()).isPositive();
    place.await("wfr_a", 1, "e:go");
    place.settle();
    var why = EndpointPlace.get(queries.why("wfr_a")).orElseThrow();
    assertThat(why.state()).isEqualTo(RunState.WAITING);
    assertThat(why.dueAt()).as("it waits without an end").isNull();
    assertThat(why.waits()).extracting(OpenWait::eventId).containsExactly("go");
  }

  @Test
  void a_resumed_run_that_waits_says_so() throws Exception {
    var place = new EndpointPlace(redis);
    place.start("wfr_a", "{}");
    place.await("wfr_a", 1, "e:go");
    place.settle();
    EndpointPlace.get(place.runs.cancel("wfr_a"));
    var made = ((Remade.Made) EndpointPlace
        .get(place.runs.resume("wfr_a", UnaryOperator.identity()))).id();
    assertThat(place.take()).isEmpty();
    assertThat(place.field(made, "st")).isEqualTo("WAITING");
  }

  @Test
  void a_run_that_was_paused_when_it_was_canceled_goes_on_once_it_is_resumed() throws Exception {
    var place = new EndpointPlace(redis);
    place.start("wfr_a", "{}");
    EndpointPlace.get(place.runs.pause("wfr_a"));
    assertThat(place.take()).isEmpty(); // it became due, and rests
    EndpointPlace.get(place.runs.cancel("wfr_a"));
    var made = ((Remade.Made) EndpointPlace
        .get(place.runs.resume("wfr_a", UnaryOperator.identity()))).id();
    assertThat(place.take()).extracting(Leased::member).containsExactly(made + "#0");
  }

  @Test
  void and_does_so_in_the_branch_that_invoked_it() throws Exception {
    var place = new EndpointPlace(redis);
    place.start("wfr_a", "{}");
    place.plan("wfr_a", 1);
    place.plan("wfr_a", 2);
    place.invoke("wfr_a", 1, "wfr_child");
    place.branch("wfr_a", 2);
    place.settle();
    get(place.runs.cancel("wfr_a"));
    var made = ((Remade.Made) get(place.runs.resume("wfr_a", UnaryOperator.identity()))).id();
    assertThat(place.take()).extracting(Leased::member).containsExactly(made + "#1");
  }

  @Test
  void a_delivery_settled_again_after_a_lost_answer_tells_again_what_is_left() throws Exception {
    var place = new EndpointPlace(redis);
    place.start("wfr_a", "{}");
    var first = place.take().getFirst();
    place.submit("wfr_a", 1);
    assertThat(get(place.deliveries.settle(first, Map.of()))).isEqualTo(1);
    assertThat(get(place.deliveries.settle(first, Map.of()))).isEqualTo(1);
    var second = place.take().getFirst();
    assertThat(get(place.deliveries.settle(second, Map.of()))).isZero();
    assertThat(get(place.deliveries.settle(second, Map.of()))).as("stranded still").isZero();
    get(place.runs.finish("wfr_a", "1"));
    assertThat(get(place.deliveries.settle(second, Map.of()))).as("nothing to do").isEqualTo(1);
  }

  @Test
  void a_steps_entry_tells_its_attempt_and_how_long_it_took() throws Exception {
    var place = new EndpointPlace(redis);
    place.start("wfr_a", "{}");
    var first = place.take().getFirst();
    var failure = new Failure(new dev.stepcast.runs.journal.Entry.Step("s", "run", 1),
        new Attempt(1, first.takenAt(), 1L, "endpoint", new StepError("Error", "no"), null));
    get(place.deliveries.retry(first, Duration.ZERO, "{}", failure));
    assertThat(place.field("wfr_a", "a:1")).contains("\"message\":\"no\"").endsWith("}");
    var second = await().atMost(20, SECONDS).until(place::take, taken -> !taken.isEmpty());
    assertThat(second.getFirst().before()).isEqualTo(1);
    place.submit("wfr_a", 1);
    assertThat(place.field("wfr_a", "j:1")).contains("\"attempt\":2,\"tookMs\":");
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
  }
}
