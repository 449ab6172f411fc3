package dev.stepcast.runs.endpoint;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.runs.delivery.Config;
import dev.stepcast.runs.delivery.Spec;
import dev.stepcast.runs.delivery.Spec.Kind;
import dev.stepcast.runs.endpoint.Deliveries.Death;
import dev.stepcast.runs.endpoint.Deliveries.Failure;
import dev.stepcast.runs.endpoint.Deliveries.Leased;
import dev.stepcast.runs.endpoint.EndpointRuns.Delay;
import dev.stepcast.runs.endpoint.EndpointRuns.Item;
import dev.stepcast.runs.endpoint.EndpointRuns.Start;
import dev.stepcast.runs.endpoint.EndpointRuns.Wait;
import dev.stepcast.runs.store.RunStore.Control;
import dev.stepcast.runs.store.RunStore.Remade;
import dev.stepcast.schemas.Attempt;
import dev.stepcast.schemas.RunError;
import dev.stepcast.schemas.StepError;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final String URL = "http://127.0.0.1:1/flow";

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

  private final class Place {
    final Keys keys = new Keys(TestRedis.prefix(), 1);
    final EndpointRuns runs = new EndpointRuns(redis, keys, true);
    final Deliveries deliveries = new Deliveries(redis, keys, runs);
    private int takes;

    void start(String id, String payload) throws Exception {
      var config = new Config(URL, 3, null, Map.of(), Spec.of(Kind.FAILURE, URL, "POST"),
          List.of(), null, false, null);
      get(runs.start(new Start(id, config, Spec.of(Kind.STEP, null, "POST").withNext(1),
          Buffer.buffer(payload), Delay.NONE, false)));
    }

    List<Leased> take() throws Exception {
      return get(deliveries.take(0, 10, "take-" + takes++, LEASE)).deliveries();
    }

    void submit(String id, int step) throws Exception {
      var json = "{\"stepId\":" + step + ",\"stepName\":\"s\",\"stepType\":\"Run\",\"out\":\"1\","
          + "\"concurrent\":1}";
      get(runs.submit(id, List.of(new Item("r:" + step, "#" + (step - 1), "step",
          Buffer.buffer(json), Spec.of(Kind.STEP, null, "POST").withNext(step + 1), Delay.NONE,
          Optional.of(json)))));
    }

    void plan(String id, int step) throws Exception {
      var json = "{\"stepId\":0,\"targetStep\":" + step + ",\"concurrent\":2}";
      get(runs.submit(id, List.of(new Item("p:" + step, "", "step", Buffer.buffer(json),
          Spec.of(Kind.STEP, null, "POST").withNext(step), Delay.NONE, Optional.of(json)))));
    }

    void branch(String id, int step) throws Exception {
      var json = "{\"stepId\":" + step + ",\"stepName\":\"s\",\"stepType\":\"Run\","
          + "\"out\":\"1\",\"concurrent\":2}";
      get(runs.submit(id, List.of(new Item("r:" + step, "p:" + step, "step",
          Buffer.buffer(json), Spec.of(Kind.STEP, null, "POST"), Delay.NONE,
          Optional.of(json)))));
    }

    /** Every delivery that is due is made. */
    void settle() throws Exception {
      for (var one : take()) {
        get(deliveries.settle(one, Map.of()));
      }
    }

    Optional<String> invoke(String id, int step, String child) throws Exception {
      return get(runs.await(id, new Wait(step, "invoke:" + child, 0, "{\"stepId\":" + step
          + ",\"stepName\":\"c\",\"stepType\":\"Invoke\",\"concurrent\":1}",
          Spec.of(Kind.STEP, null, "POST").withNext(step + 1))));
    }

    void fail(Leased one) throws Exception {
      var failure = new Failure(null,
          new Attempt(1, 1, 1L, "endpoint", new StepError("Error", "no"), null));
      get(deliveries.fail(one, new Death(new RunError("Error", "no", null), "{}",
          Optional.of(Spec.of(Kind.FAILURE, URL, "POST")), failure)));
    }

    long ttl(String id) throws Exception {
      var key = keys.slot(id).key("run", id);
      return get(redis.send(key, Request.cmd(Command.PTTL).arg(key))).toLong();
    }

    String field(String id, String name) throws Exception {
      var key = keys.slot(id).key("run", id);
      return String
          .valueOf(get(redis.send(key, Request.cmd(Command.HGET).arg(key).arg(name))));
    }
  }

  @Test
  void a_paused_run_is_not_delivered_until_it_is_unpaused() throws Exception {
    var place = new Place();
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
    var place = new Place();
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
    var place = new Place();
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
  void a_delivery_under_way_in_a_run_that_ends_is_handed_out_once_more_to_be_closed()
      throws Exception {
    var place = new Place();
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
    var place = new Place();
    place.start("wfr_a", "{}");
    get(place.deliveries.take(0, 10, "dead node", Duration.ofMillis(1)));
    place.submit("wfr_a", 1);
    var again = await().atMost(20, SECONDS).until(place::take, taken -> !taken.isEmpty());
    assertThat(again).extracting(Leased::slot).containsExactly("1");
    assertThat(place.take()).isEmpty();
  }

  @Test
  void a_resumed_run_asks_for_the_child_anew_that_the_old_one_waited_for() throws Exception {
    var place = new Place();
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
  void and_does_so_in_the_branch_that_invoked_it() throws Exception {
    var place = new Place();
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
    var place = new Place();
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
    var place = new Place();
    place.start("wfr_a", "{}");
    var first = place.take().getFirst();
    var failure = new Failure(new dev.stepcast.runs.journal.Entry.Step("s", "run", 1),
        new Attempt(1, first.takenAt(), 1L, "endpoint", new StepError("Error", "no"), null));
    get(place.deliveries.retry(first, Duration.ZERO, "{}", failure));
    assertThat(place.field("wfr_a", "a:1")).contains("\"message\":\"no\"").endsWith("}");
    var second = await().atMost(20, SECONDS).until(place::take, taken -> !taken.isEmpty());
    assertThat(second.getFirst().before()).isEqualTo(1);
    place.submit("wfr_a", 1);
    assertThat(place.field("wfr_a", "j:1")).contains("\"a\":2,\"ms\":");
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
  }
}
