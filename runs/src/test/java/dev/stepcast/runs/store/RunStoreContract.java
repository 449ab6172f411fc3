package dev.stepcast.runs.store;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.runs.store.RunStore.Control;
import dev.stepcast.runs.store.RunStore.Delivering;
import dev.stepcast.runs.store.RunStore.Hold;
import dev.stepcast.runs.store.RunStore.Leased;
import dev.stepcast.runs.store.RunStore.NewRun;
import dev.stepcast.runs.store.RunStore.Parking;
import dev.stepcast.runs.store.RunStore.Recording;
import dev.stepcast.runs.store.RunStore.Start;
import dev.stepcast.runs.store.RunStore.Take;
import dev.stepcast.runs.store.RunStore.Triggering;
import dev.stepcast.runs.store.RunStore.Write;
import dev.stepcast.schemas.RunState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every store of runs promises. One partition, so that a take sees every run. */
@DisplayNameGeneration(ReplaceUnderscores.class)
abstract class RunStoreContract extends SendersContract {
  @Nested
  class A_trigger {
    @Test
    void sent_again_answers_the_same_run() throws Exception {
      var first = get(store().trigger(run("wfr_a", "h", Optional.empty())));
      assertThat(first).isInstanceOf(Triggering.Accepted.class);
      assertThat(get(store().trigger(run("wfr_a", "h", Optional.empty()))))
          .isInstanceOf(Triggering.Known.class);
      assertThat(get(store().trigger(run("wfr_a", "other", Optional.empty()))))
          .isEqualTo(new Triggering.Conflict("wfr_a"));
      assertThat(told("wfr_a")).containsExactly("workflow.runStart");
    }

    @Test
    void with_a_known_key_answers_the_run_of_that_key() throws Exception {
      get(store().trigger(run("wfr_a", "h", Optional.of("k"))));
      assertThat(get(store().trigger(run("wfr_b", "h", Optional.of("k")))))
          .isInstanceOfSatisfying(Triggering.Known.class,
              known -> assertThat(known.id()).isEqualTo("wfr_a"));
      assertThat(get(store().read("wfr_b"))).isEmpty();
    }

    @Test
    void that_is_delayed_is_not_taken_before() throws Exception {
      get(store().trigger(new NewRun("wfr_a", "h", Optional.empty(), new Start(60_000, 0),
          List.of(), start(), fields())));
      assertThat(take("n").isEmpty()).isTrue();
    }
  }

  @Nested
  class A_take {
    @Test
    void leases_a_run_to_one_node() throws Exception {
      trigger("wfr_a");
      assertThat(take("n")).extracting(Leased::id).containsExactly("wfr_a");
      assertThat(take("m")).isEmpty();
      assertThat(state("wfr_a")).isEqualTo(RunState.RUNNING);
    }

    @Test
    void sent_again_with_its_number_answers_the_same_lease() throws Exception {
      trigger("wfr_a");
      var take = new Take(0, "java", 10, "n", number.incrementAndGet(), LEASE);
      var first = get(store().take(take)).runs();
      trigger("wfr_b");
      var again = get(store().take(take)).runs();
      assertThat(again).extracting(Leased::token).isEqualTo(
          first.stream().map(Leased::token).toList());
      assertThat(take("n")).extracting(Leased::id).containsExactly("wfr_b");
    }

    @Test
    void that_comes_late_leases_nothing() throws Exception {
      get(store().take(new Take(0, "java", 10, "n", 5, LEASE)));
      trigger("wfr_a");
      assertThat(get(store().take(new Take(0, "java", 10, "n", 4, LEASE))).runs()).isEmpty();
      assertThat(take("m")).hasSize(1);
    }

    @Test
    void takes_over_when_the_lease_has_ended() throws Exception {
      trigger("wfr_a");
      var lost = get(store().take(new Take(0, "java", 1, "n", 1, Duration.ofMillis(50)))).runs()
          .getFirst();
      var taken = await().atMost(20, SECONDS).until(() -> take("m"), runs -> !runs.isEmpty())
          .getFirst();
      assertThat(taken.token()).isNotEqualTo(lost.token());
      assertThat(taken.image().orElseThrow().recoveries()).isEqualTo(1);
      assertThat(get(store().step(hold(lost, 1), entry("0", "zombie"))))
          .isEqualTo(new Recording.Fenced());
      assertThat(get(store().read("wfr_a")).orElseThrow().fields()).doesNotContainKey("j:0");
    }
  }

  @Nested
  class A_holders_write {
    @Test
    void sent_again_changes_nothing() throws Exception {
      var held = held("wfr_a");
      var first = get(store().step(hold(held, 1), entry("0", "one")));
      assertThat(first).isInstanceOf(Recording.Recorded.class);
      var again = (Recording.Recorded) get(store().step(hold(held, 1), entry("0", "one")));
      assertThat(again.stands()).containsKey("j:0");
      assertThat(told("wfr_a")).containsExactly("workflow.runStart", "workflow.stepFinish");
    }

    @Test
    void never_changes_an_entry() throws Exception {
      var held = held("wfr_a");
      get(store().step(hold(held, 1), entry("0", "one")));
      var recorded = (Recording.Recorded) get(store().step(hold(held, 2), entry("0", "two")));
      assertThat(recorded.stands().get("j:0")).contains("one");
      assertThat(told("wfr_a")).containsExactly("workflow.runStart", "workflow.stepFinish");
      assertThat(get(store().read("wfr_a")).orElseThrow().text("j:0")).contains("one");
    }

    @Test
    void after_lost_ones_is_fenced_and_the_run_starts_over() throws Exception {
      var held = held("wfr_a");
      assertThat(get(store().step(hold(held, 2), entry("1", "hole"))))
          .isEqualTo(new Recording.Fenced());
      assertThat(state("wfr_a")).isEqualTo(RunState.QUEUED);
      assertThat(take("m")).hasSize(1);
    }

    @Test
    void completes_what_was_left_open_with_the_stores_time() throws Exception {
      var held = held("wfr_a");
      get(store().step(hold(held, 1), entry("0", "one")));
      assertThat(get(store().read("wfr_a")).orElseThrow().text("j:0"))
          .matches("\\{\"n\":\"one\",\"at\":\\d{4,}}");
    }

    @Test
    void of_a_large_value_keeps_it_apart() throws Exception {
      var held = held("wfr_a");
      get(store().step(hold(held, 1), new Write(
          Map.of("b:j:0", "large", "j:0", "{\"b\":true,\"at\":"), List.of())));
      assertThat(get(store().read("wfr_a")).orElseThrow().large()).containsEntry("j:0", "large");
    }
  }

  @Nested
  class A_parked_run {
    @Test
    void is_nobodys() throws Exception {
      var held = held("wfr_a");
      assertThat(get(store().park(hold(held, 1), Write.NOTHING, ASLEEP)))
          .isInstanceOf(Recording.LetGo.class);
      assertThat(state("wfr_a")).isEqualTo(RunState.SLEEPING);
      assertThat(get(store().park(hold(held, 1), Write.NOTHING, ASLEEP)))
          .isInstanceOf(Recording.LetGo.class);
      assertThat(get(store().step(hold(held, 2), entry("0", "late"))))
          .isEqualTo(new Recording.Fenced());
      assertThat(take("m")).isEmpty();
    }

    @Test
    void is_woken_by_a_delivery_once() throws Exception {
      var held = held("wfr_a");
      get(store().park(hold(held, 1), waits("0"), new Parking(RunState.WAITING, Long.MAX_VALUE,
          Set.of("j:0"))));
      assertThat(get(store().deliver(delivery("x")))).isEqualTo(Delivering.DELIVERED);
      assertThat(get(store().deliver(delivery("x")))).isEqualTo(Delivering.BEFORE);
      assertThat(get(store().deliver(delivery("y")))).isEqualTo(Delivering.LATE);
      assertThat(take("m")).hasSize(1);
    }

    @Test
    void goes_on_at_once_when_what_it_awaits_is_there() throws Exception {
      var held = held("wfr_a");
      get(store().step(hold(held, 1), waits("0")));
      assertThat(get(store().deliver(delivery("x")))).isEqualTo(Delivering.DELIVERED);
      var parked = get(store().park(hold(held, 2), Write.NOTHING,
          new Parking(RunState.WAITING, Long.MAX_VALUE, Set.of("j:0"))));
      assertThat(parked).isInstanceOfSatisfying(Recording.Recorded.class,
          recorded -> assertThat(recorded.stands()).containsKey("j:0"));
      assertThat(get(store().step(hold(held, 3), entry("1", "on"))))
          .isInstanceOf(Recording.Recorded.class);
    }

    @Test
    void that_waits_no_more_lets_a_delivery_go_elsewhere() throws Exception {
      held("wfr_a");
      assertThat(get(store().deliver(delivery("x")))).isEqualTo(Delivering.LATE);
    }
  }

  @Nested
  class An_ended_run {
    @Test
    void stays_as_it_is() throws Exception {
      var held = held("wfr_a");
      assertThat(get(store().finish(hold(held, 1), entry("0", "last"), RunState.SUCCEEDED)))
          .isInstanceOf(Recording.LetGo.class);
      assertThat(get(store().finish(hold(held, 1), entry("0", "last"), RunState.SUCCEEDED)))
          .isInstanceOf(Recording.LetGo.class);
      assertThat(get(store().step(hold(held, 2), entry("1", "late"))))
          .isEqualTo(new Recording.Fenced());
      assertThat(get(store().cancel("wfr_a"))).isEqualTo(Control.UNCHANGED);
      assertThat(get(store().pause("wfr_a"))).isEqualTo(Control.WRONG_STATE);
      assertThat(state("wfr_a")).isEqualTo(RunState.SUCCEEDED);
      assertThat(take("m")).isEmpty();
    }

    @Test
    void that_owes_something_is_due_until_it_has_settled() throws Exception {
      var held = held("wfr_a");
      get(store().finish(hold(held, 1), new Write(Map.of(RunImage.OWED, "1"), List.of()),
          RunState.SUCCEEDED));
      assertThat(take("m")).extracting(Leased::token).containsExactly(Leased.OWES);
      get(store().settle("wfr_a"));
      assertThat(get(store().read("wfr_a")).orElseThrow().text(RunImage.OWED)).isEqualTo("0");
      assertThat(take("m")).isEmpty();
    }

    @Test
    void by_cancel_fences_its_holder() throws Exception {
      var held = held("wfr_a");
      assertThat(get(store().cancel("wfr_a"))).isEqualTo(Control.DONE);
      assertThat(get(store().finish(hold(held, 1), Write.NOTHING, RunState.SUCCEEDED)))
          .isEqualTo(new Recording.Fenced());
      assertThat(state("wfr_a")).isEqualTo(RunState.CANCELED);
      assertThat(told("wfr_a")).containsExactly("workflow.runStart", "workflow.runCancel");
      assertThat(get(store().cancel("wfr_none"))).isEqualTo(Control.UNKNOWN);
    }
  }

  @Nested
  class A_pause {
    @Test
    void stops_a_held_run_at_its_next_write() throws Exception {
      var held = held("wfr_a");
      assertThat(get(store().pause("wfr_a"))).isEqualTo(Control.DONE);
      assertThat(get(store().step(hold(held, 1), entry("0", "one"))))
          .isInstanceOf(Recording.LetGo.class);
      assertThat(state("wfr_a")).isEqualTo(RunState.PAUSED);
      assertThat(take("m")).isEmpty();
      assertThat(get(store().unpause("wfr_a"))).isEqualTo(Control.DONE);
      assertThat(get(store().unpause("wfr_a"))).isEqualTo(Control.WRONG_STATE);
      assertThat(take("m")).hasSize(1);
    }
  }

  @Nested
  class A_lease {
    @Test
    void is_renewed_only_for_its_holder() throws Exception {
      var held = held("wfr_a");
      var other = new Hold("wfr_a", "0:x:0", 0);
      assertThat(get(store().renew(0, List.of(hold(held, 0), other), LEASE)))
          .containsExactly("wfr_a");
      assertThat(get(store().renew(0, List.of(hold(held, 0)), LEASE))).isEmpty();
    }

    @Test
    void given_back_lets_another_node_go_on_at_once() throws Exception {
      var held = held("wfr_a");
      get(store().release(hold(held, 0)));
      assertThat(take("m")).singleElement().satisfies(
          taken -> assertThat(taken.image().orElseThrow().recoveries()).isZero());
    }
  }
}
