package dev.stepcast.workflow.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stepcast.schemas.RunState;
import dev.stepcast.workflow.api.Workflow;
import dev.stepcast.workflow.api.WorkflowContext;
import dev.stepcast.workflow.sample.OrderFulfillmentWorkflow;
import dev.stepcast.workflow.sample.OrderFulfillmentWorkflow.Note;
import dev.stepcast.workflow.sample.OrderFulfillmentWorkflow.Order;
import dev.stepcast.workflow.sample.OrderFulfillmentWorkflow.Receipt;
import dev.stepcast.workflow.sample.ProcessDataWorkflow;
import dev.stepcast.workflow.sample.ProcessDataWorkflow.Done;
import dev.stepcast.workflow.sample.ProcessDataWorkflow.Request;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TestEngineTest {
  private static final Note DONE = new Note("A", "done");

  /** Waits for a word for a day. */
  static final class WaitingWorkflow implements Workflow<String, String> {
    @Override
    public String run(WorkflowContext context, String input) {
      context.sleep("a month", Duration.ofDays(30));
      return context.waitForEvent("word", "word-" + input, String.class, Duration.ofDays(1))
          .orElse("nothing");
    }
  }

  @Test
  void the_seeds_workflow_ends_as_the_guide_says() {
    try (var engine = new TestEngine(new ProcessDataWorkflow())) {
      var run = engine.run("process-data", new Request("u", "a"));
      assertThat(run.result(Done.class)).isEqualTo(new Done(true, run.id()));
      assertThat(run.events()).containsExactly("workflow.runStart", "workflow.stepFinish",
          "workflow.stepFinish", "workflow.runFinish");
    }
  }

  @Test
  void the_demo_is_over_at_once_when_its_work_is_replaced() {
    try (var engine = new TestEngine(new OrderFulfillmentWorkflow())) {
      for (var step : new String[]{"validate-order", "reserve-stock", "pick-items",
          "print-label", "deliver", "send-receipt"}) {
        engine.replacing(step, () -> DONE);
      }
      engine.replacing("hand-over", () -> "SC-1").replacing("charge-card", () -> DONE)
          .failing("charge-card", 2, new IOException("the bank is closed"));
      var run = engine.run("order-fulfillment", new Order("A", "Ada", 1));
      assertThat(run.result(Receipt.class)).isEqualTo(new Receipt("A", "SC-1", 1));
      assertThat(run.events()).filteredOn("workflow.stepFail"::equals).hasSize(2);
    }
  }

  @Test
  void an_order_that_cannot_be_paid_is_taken_back() {
    try (var engine = new TestEngine(new OrderFulfillmentWorkflow())) {
      engine.replacing("validate-order", () -> DONE).replacing("reserve-stock", () -> DONE)
          .failing("charge-card", 9, new IOException("no money"));
      var view = engine.run("order-fulfillment", new Order("A", "Ada", 1)).view();
      assertThat(view.state()).isEqualTo(RunState.FAILED);
      assertThat(view.steps().getLast().name()).isEqualTo("release-stock");
    }
  }

  @Test
  void sleeps_are_skipped_and_waits_are_not() {
    try (var engine = new TestEngine(new WaitingWorkflow())) {
      var run = engine.run("waiting", "x");
      assertThat(run.state()).isEqualTo(RunState.WAITING);
      assertThat(engine.notify("word-x", "hello")).isEqualTo(1);
      assertThat(run.result(String.class)).isEqualTo("hello");
    }
  }

  @Test
  void a_wait_ends_by_itself_when_its_time_has_passed() {
    try (var engine = new TestEngine(new WaitingWorkflow())) {
      var run = engine.run("waiting", "x");
      engine.pass(Duration.ofDays(2));
      assertThat(run.result(String.class)).isEqualTo("nothing");
    }
  }
}
