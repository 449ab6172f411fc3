package dev.stepcast.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.runs.control.Bulk;
import dev.stepcast.runs.control.Bulk.Wish;
import dev.stepcast.runs.flow.FlowBook;
import dev.stepcast.runs.store.RunStore.Remade;
import dev.stepcast.schemas.FlowControl;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.RunFilter;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.TriggerRequest;
import dev.stepcast.workflow.api.failure.NonRetryable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OperatingTest extends WithNodes {

  @Nested
  class A_failed_run {
    private final AtomicInteger first = new AtomicInteger();
    private final AtomicBoolean broken = new AtomicBoolean(true);

    private Node node() throws Exception {
      return OperatingTest.this.node(workflow(context -> {
        context.run("first", first::incrementAndGet);
        return context.run("second", () -> {
          if (broken.get()) {
            throw new NonRetryable("broken");
          }
          return "mended";
        });
      }));
    }

    @Test
    void is_resumed_once_with_the_steps_it_recorded() throws Exception {
      var node = node();
      var run = node.trigger("w", "null");
      assertThat(node.ended(run).state()).isEqualTo(RunState.FAILED);
      broken.set(false);
      var made = (Remade.Made) Node.get(node.runs.resume(run));
      assertThat(Node.get(node.runs.resume(run))).isEqualTo(made);
      var view = node.ended(made.id());
      assertThat(view.result()).isEqualTo(new RawJson("\"mended\""));
      assertThat(view.resumedFrom()).isEqualTo(run);
      assertThat(first).hasValue(1);
      assertThat(Node.get(node.runs.resume(made.id()))).isEqualTo(new Remade.WrongState());
    }

    @Test
    void is_restarted_from_its_beginning_with_many_others() throws Exception {
      var node = node();
      var run = node.trigger("w", "null");
      node.ended(run);
      broken.set(false);
      var bulk = new Bulk(node.runs, node.queries);
      var failed = new RunFilter(RunState.FAILED, null, null, null, null);
      assertThat(Node.get(bulk.apply(Wish.RESTART, failed, null)).done()).isEqualTo(1);
      var made = (Remade.Made) Node.get(node.runs.restart(run));
      assertThat(node.ended(made.id()).restartedFrom()).isEqualTo(run);
      assertThat(first).hasValue(2);
    }
  }

  @Nested
  class Runs_of_one_key {
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    private TriggerRequest limited(FlowControl flow) {
      return new TriggerRequest("w", null, null, null, null, null, null, flow);
    }

    private Node node(Map<String, String> variables) throws Exception {
      return OperatingTest.this.node(variables, workflow(context -> {
        context.run("count", () -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          Thread.sleep(30);
          return now.decrementAndGet();
        });
        return null;
      }));
    }

    @Test
    void are_never_more_at_once_than_allowed_and_all_get_their_turn() throws Exception {
      var node = node(Map.of());
      var other = node(Map.of());
      var flow = new FlowControl("k", 2, null, null);
      var runs = new ArrayList<String>();
      for (int i = 0; i < 20; i++) {
        runs.add(node.trigger(limited(flow)));
      }
      for (var run : runs) {
        assertThat(other.ended(run).state()).isEqualTo(RunState.SUCCEEDED);
      }
      assertThat(most.get()).isBetween(1, 2);
      var book = FlowBook.redis(node.platform.redis(), node.platform.keys());
      await().atMost(Duration.ofSeconds(40)).until(() -> Node.get(book.view("k")),
          view -> view.equals(new FlowBook.View(List.of(), List.of())));
    }

    @Test
    void get_their_turn_when_the_worker_of_the_one_before_dies() throws Exception {
      var entered = new AtomicInteger();
      Running body = context -> {
        context.run("long", () -> {
          if (entered.incrementAndGet() == 1) {
            Thread.sleep(60_000);
          }
          return 1;
        });
        return null;
      };
      var flow = new FlowControl("d", 1, null, null);
      var dying = Node.start(prefix, Map.of(), workflow(body));
      var first = dying.trigger(limited(flow));
      await().atMost(Duration.ofSeconds(40)).until(() -> entered.get() == 1);
      var second = dying.trigger(limited(flow));
      dying.reached(second, RunState.BLOCKED_BY_FLOW);
      dying.crash();
      var other = OperatingTest.this.node(workflow(body));
      assertThat(other.ended(first).state()).isEqualTo(RunState.SUCCEEDED);
      assertThat(other.ended(second).state()).isEqualTo(RunState.SUCCEEDED);
    }

    @Test
    void that_are_paused_in_the_queue_are_passed_and_ask_again() throws Exception {
      var end = new CountDownLatch(1);
      var node = OperatingTest.this.node(workflow(context -> context.run("long", () -> {
        end.await();
        return 1;
      })));
      var flow = new FlowControl("p", 1, null, null);
      var runs = new ArrayList<String>();
      for (var state : List.of(RunState.RUNNING, RunState.BLOCKED_BY_FLOW,
          RunState.BLOCKED_BY_FLOW)) {
        runs.add(node.trigger(limited(flow)));
        node.reached(runs.getLast(), state);
      }
      Node.get(node.runs.pause(runs.get(1)));
      end.countDown();
      assertThat(node.ended(runs.get(2)).state()).isEqualTo(RunState.SUCCEEDED);
      Node.get(node.runs.unpause(runs.get(1)));
      assertThat(node.ended(runs.get(1)).state()).isEqualTo(RunState.SUCCEEDED);
    }

    @Test
    void that_are_canceled_in_the_queue_let_the_others_pass() throws Exception {
      var node = OperatingTest.this.node(workflow(context -> {
        context.waitForEvent("go", "go", String.class, Duration.ofMinutes(5));
        context.run("long", () -> {
          Thread.sleep(300);
          return 1;
        });
        return null;
      }));
      var flow = new FlowControl("q", 1, null, null);
      var runs = new ArrayList<String>();
      for (int i = 0; i < 3; i++) {
        runs.add(node.trigger(limited(flow)));
      }
      node.reached(runs.getFirst(), RunState.WAITING);
      Node.get(node.runs.cancel(runs.get(1)));
      node.reached(runs.get(2), RunState.WAITING);
    }
  }
}
