package dev.stepcast.workflow;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.schemas.Attempt;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.RunView;
import dev.stepcast.schemas.StepView;
import dev.stepcast.workflow.api.WorkflowContext;
import dev.stepcast.workflow.api.failure.NonRetryable;
import dev.stepcast.workflow.api.step.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WorkflowFailureTest extends WithNodes {
  @Nested
  class A_step_that_fails {
    @Test
    void is_tried_as_often_as_it_says_and_then_fails_the_run_with_its_name() throws Exception {
      var node = node(workflow(context -> context.run("bad",
          Step.retries(2).backoff(Duration.ofMillis(5)), () -> {
            throw new java.io.IOException("no");
          })));
      var view = node.ended(node.trigger("w", "null"));
      assertThat(view.state()).isEqualTo(RunState.FAILED);
      assertThat(error(view).step()).isEqualTo("bad");
      assertThat(error(view).type()).isEqualTo("IOException");
      assertThat(view.steps().getFirst().attempts()).hasSize(3);
    }

    @Test
    void is_not_tried_again_when_it_says_that_is_useless_and_can_be_caught() throws Exception {
      var tries = new AtomicInteger();
      var node = node(workflow(context -> {
        try {
          return context.run("bad", () -> {
            tries.incrementAndGet();
            throw new NonRetryable("never");
          });
        } catch (WorkflowContext.StepFailed e) {
          context.sleep("a replay follows", Duration.ofMillis(1_200));
          return e.getMessage();
        }
      }));
      assertThat(node.ended(node.trigger("w", "null")).result())
          .isEqualTo(new RawJson("\"never\""));
      assertThat(tries).hasValue(1);
    }

    @Test
    void is_interrupted_when_it_takes_too_long() throws Exception {
      var node = node(workflow(context -> context.run("slow",
          Step.retries(0).timeout(Duration.ofMillis(50)), () -> {
            Thread.sleep(60_000);
            return 1;
          })));
      var view = node.ended(node.trigger("w", "null"));
      assertThat(error(view).type()).isEqualTo("TimeoutException");
    }

    @Test
    void is_told_of_where_it_goes_on_though_interrupted() throws Exception {
      var over = new CountDownLatch(1);
      var node = node(workflow(context -> context.run("stubborn",
          Step.retries(0).timeout(Duration.ofMillis(50)), () -> {
            while (over.getCount() > 0) {
              try {
                over.await();
              } catch (InterruptedException _) {
                // It does not listen.
              }
            }
            return 1;
          })));
      var run = node.trigger("w", "null");
      await().atMost(Duration.ofSeconds(40)).until(() -> node.view(run).steps().stream()
          .flatMap(step -> step.attempts().stream()).map(Attempt::error)
          .anyMatch(error -> error != null && error.type().equals("InterruptionIgnored")));
      over.countDown();
      assertThat(node.ended(run).result()).isEqualTo(new RawJson("1"));
    }

    @Test
    void with_an_answer_that_is_no_json_is_named() throws Exception {
      var node = node(workflow(context -> context.run("odd", () -> new Object())));
      var view = node.ended(node.trigger("w", "null"));
      assertThat(error(view).step()).isEqualTo("odd");
    }
  }

  @Nested
  class A_failed_run {
    @Test
    void takes_back_what_it_did_in_reverse() throws Exception {
      var undone = new CopyOnWriteArrayList<String>();
      var node = node(workflow(context -> {
        context.run("a", () -> 1);
        context.onFailure("undo-a", () -> undone.add("a"));
        context.run("b", () -> 2);
        context.onFailure("undo-b", () -> undone.add("b"));
        throw new IllegalStateException("out of luck");
      }));
      var view = node.ended(node.trigger("w", "null"));
      assertThat(view.state()).isEqualTo(RunState.FAILED);
      assertThat(undone).containsExactly("b", "a");
      assertThat(view.steps()).extracting(StepView::name)
          .containsExactly("a", "b", "undo-b", "undo-a");
    }

    @Test
    void takes_back_what_it_did_though_its_journal_is_full() throws Exception {
      var undone = new CopyOnWriteArrayList<String>();
      var node = node(workflow(context -> {
        context.onFailure("undo", () -> undone.add("all"));
        for (int i = 0; i < 2_001; i++) {
          context.now();
        }
        return null;
      }));
      var view = node.ended(node.trigger("w", "null"));
      assertThat(error(view).type()).isEqualTo("JournalFull");
      assertThat(undone).containsExactly("all");
      assertThat(view.steps()).hasSize(2_001);
      assertThat(view.steps().getLast().name()).isEqualTo("undo");
    }
  }

  @Nested
  class A_worker_that_dies_in_the_middle_of_a_step {
    @Test
    void loses_nothing_and_what_was_recorded_runs_once() throws Exception {
      var first = new AtomicInteger();
      var second = new AtomicInteger();
      var entered = new CountDownLatch(1);
      Running body = context -> {
        context.run("first", first::incrementAndGet);
        context.run("second", () -> {
          if (second.incrementAndGet() == 1) {
            entered.countDown();
            Thread.sleep(60_000);
          }
          return "done";
        });
        return List.of(context.idempotencyKey().startsWith(context.runId()));
      };
      var dying = Node.start(prefix, Map.of(), workflow(body));
      var run = dying.trigger("w", "null");
      assertThat(entered.await(30, SECONDS)).isTrue();
      await().atMost(20, SECONDS).until(() -> attempts(dying.view(run), "second").size() == 1);
      dying.crash();
      var other = node(workflow(body));
      assertThat(other.ended(run).state()).isEqualTo(RunState.SUCCEEDED);
      assertThat(attempts(other.view(run), "second"))
          .extracting(one -> one.error() == null ? "" : one.error().type())
          .containsExactly("WorkerLost", "");
      assertThat(first).hasValue(1);
      assertThat(second).hasValue(2);
      assertThat(other.events(run)).containsOnlyOnce("workflow.runFinish");
    }
  }

  private static List<Attempt> attempts(RunView view, String step) {
    return view.steps().stream().filter(one -> one.name().equals(step))
        .flatMap(one -> one.attempts().stream()).toList();
  }

  @Nested
  class A_node_that_drains {
    @Test
    void gives_its_runs_to_others_at_once() throws Exception {
      var steps = new AtomicInteger();
      var entered = new CountDownLatch(1);
      var go = new CountDownLatch(1);
      Running body = context -> {
        context.run("first", () -> {
          entered.countDown();
          return go.await(30, SECONDS);
        });
        context.run("second", steps::incrementAndGet);
        return null;
      };
      var leaving = Node.start(prefix, Map.of("RUN_LEASE_MS", "60000"), workflow(body));
      var run = leaving.trigger("w", "null");
      assertThat(entered.await(30, SECONDS)).isTrue();
      var drained = leaving.service.drain();
      go.countDown();
      Node.get(drained);
      leaving.stop();
      var other = node(workflow(body));
      assertThat(other.ended(run).state()).isEqualTo(RunState.SUCCEEDED);
      assertThat(steps).hasValue(1);
    }
  }

  @Nested
  class Canceling {
    @Test
    void interrupts_the_step_that_is_being_run() throws Exception {
      var entered = new CountDownLatch(1);
      var interrupted = new AtomicBoolean();
      var node = node(workflow(context -> context.run("long", () -> {
        entered.countDown();
        try {
          Thread.sleep(60_000);
        } catch (InterruptedException e) {
          interrupted.set(true);
          throw e;
        }
        return 1;
      })));
      var run = node.trigger("w", "null");
      assertThat(entered.await(30, SECONDS)).isTrue();
      Node.get(node.runs.cancel(run));
      assertThat(node.view(run).state()).isEqualTo(RunState.CANCELED);
      await().atMost(20, SECONDS).untilTrue(interrupted);
      assertThat(node.events(run)).endsWith("workflow.runCancel");
    }

    @Test
    void by_the_workflow_itself_ends_it() throws Exception {
      var node = node(workflow(context -> {
        context.run("a", () -> 1);
        context.cancel();
        return null;
      }));
      var view = node.ended(node.trigger("w", "null"));
      assertThat(view.state()).isEqualTo(RunState.CANCELED);
      assertThat(view.steps()).hasSize(1);
    }
  }

  @Nested
  class Pausing {
    @Test
    void stops_a_run_at_its_next_step_until_it_may_go_on() throws Exception {
      var entered = new CountDownLatch(1);
      var go = new CountDownLatch(1);
      var second = new AtomicInteger();
      var node = node(workflow(context -> {
        context.run("first", () -> {
          entered.countDown();
          return go.await(30, SECONDS);
        });
        context.run("second", second::incrementAndGet);
        return null;
      }));
      var run = node.trigger("w", "null");
      assertThat(entered.await(30, SECONDS)).isTrue();
      Node.get(node.runs.pause(run));
      go.countDown();
      node.reached(run, RunState.PAUSED);
      assertThat(second).hasValue(0);
      Node.get(node.runs.unpause(run));
      assertThat(node.ended(run).state()).isEqualTo(RunState.SUCCEEDED);
      assertThat(second).hasValue(1);
    }
  }
}
