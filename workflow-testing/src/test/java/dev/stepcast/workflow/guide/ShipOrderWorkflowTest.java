package dev.stepcast.workflow.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.StepView;
import dev.stepcast.workflow.api.WorkflowContext.Reply;
import dev.stepcast.workflow.guide.ShipOrderWorkflow.Fetched;
import dev.stepcast.workflow.guide.ShipOrderWorkflow.Order;
import dev.stepcast.workflow.guide.ShipOrderWorkflow.Shipped;
import dev.stepcast.workflow.testing.TestEngine;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Authors test their workflows like this. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ShipOrderWorkflowTest {
  private static final Order ORDER = new Order("7", "Ada", 1999);

  @Test
  void an_order_is_shipped_though_the_bank_fails_twice() {
    try (var engine = engine().failing("charge", 2, new IOException("the bank is closed"))) {
      var run = engine.run("ship-order", ORDER); // as far as it gets: the sleep is skipped
      assertThat(run.state()).isEqualTo(RunState.WAITING);

      engine.notify("fetched-7", new Fetched("Post"));
      assertThat(run.result(Shipped.class).carrier()).isEqualTo("Post");
      assertThat(run.events()).contains("order.progress");
    }
  }

  @Test
  void an_order_that_nobody_fetches_is_shipped_by_nobody() {
    try (var engine = engine()) {
      var run = engine.run("ship-order", ORDER);
      engine.pass(Duration.ofDays(3));
      assertThat(run.result(Shipped.class).carrier()).isEqualTo("nobody");
    }
  }

  @Test
  void the_money_goes_back_when_there_is_no_label() {
    try (var engine = engine().failing("print-label", 99, new IOException("out of paper"))) {
      var run = engine.run("ship-order", ORDER);
      assertThat(run.state()).isEqualTo(RunState.FAILED);
      assertThat(run.view().steps()).extracting(StepView::name).contains("refund", "apologise");
    }
  }

  private static TestEngine engine() {
    return new TestEngine(new ShipOrderWorkflow())
        .answering(call -> new Reply(201, Map.of(), "{}")); // nothing leaves the test
  }
}
