package dev.stepcast.workflow.sample;

import dev.stepcast.workflow.api.Workflow;
import dev.stepcast.workflow.api.WorkflowContext;
import dev.stepcast.workflow.api.failure.NonRetryable;
import dev.stepcast.workflow.api.step.Step;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * An order on its way to the customer, in about nine seconds: eight steps, a nap, a retry. One for
 * more than a hundred items fails, for good.
 */
public final class OrderFulfillmentWorkflow
    implements Workflow<OrderFulfillmentWorkflow.Order, OrderFulfillmentWorkflow.Receipt> {

  private static final int STOCK = 100;

  /** What it is triggered with. */
  public record Order(String orderId, String customer, int items) {}

  /** A step's answer: what was done, and to what. */
  public record Note(String orderId, String done) {}

  /** How far the order has come; the data of the event {@code order.progress}. */
  public record Progress(int percent) {}

  /** What it ends with. */
  public record Receipt(String orderId, String trackingCode, int items) {}

  @Override
  public Receipt run(WorkflowContext context, Order order) {
    work(context, "validate-order", order, "every item is known", 400);
    context.run("reserve-stock", () -> {
      Thread.sleep(700);
      if (order.items() > STOCK) {
        throw new NonRetryable("only " + STOCK + " in stock, " + order.items() + " ordered");
      }
      return new Note(order.orderId(), order.items() + " items put aside");
    });
    context.onFailure("release-stock", () -> new Note(order.orderId(), "items put back"));
    context.emit("order.progress", new Progress(25));

    context.run("charge-card", Step.retries(3).backoff(Duration.ofMillis(600)), () -> {
      Thread.sleep(500);
      if (context.attempt() == 1) {
        throw new IOException("the bank did not answer");
      }
      return new Note(order.orderId(), "paid by " + order.customer());
    });
    context.emit("order.progress", new Progress(50));

    work(context, "pick-items", order, "in the box", 900);
    context.sleep("wait-for-courier", Duration.ofSeconds(2));
    work(context, "print-label", order, "label on the box", 300);
    var tracking = context.run("hand-over", () -> {
      Thread.sleep(600);
      return "SC-" + Math.floorMod(context.idempotencyKey().hashCode(), 1_000_000);
    });
    context.emit("order.progress", new Progress(75));

    work(context, "deliver", order, "at the door", 1_200);
    work(context, "send-receipt", order, "receipt sent", 300);
    context.emit("order.progress", new Progress(100));
    return new Receipt(order.orderId(), tracking, order.items());
  }

  private static void work(WorkflowContext context, String name, Order order, String done,
      long tookMs) {
    context.run(name, () -> {
      Thread.sleep(tookMs);
      return new Note(order.orderId(), done);
    });
  }

  @Override
  public String payloadSchema() {
    return """
      {
        "type": "object",
        "properties": {
          "orderId": {"type": "string", "minLength": 1, "maxLength": 100},
          "customer": {"type": "string", "minLength": 1, "maxLength": 100},
          "items": {"type": "integer", "minimum": 1, "maximum": 1000}
        },
        "required": ["orderId", "customer", "items"],
        "additionalProperties": false,
        "default": {"orderId": "A-1001", "customer": "Ada", "items": 3}
      }
      """;
  }

  @Override
  public Optional<String> samplePayload() {
    return Optional.of("{\"orderId\":\"A-1001\",\"customer\":\"Ada\",\"items\":3}");
  }
}
