package dev.stepcast.workflow.guide;

import dev.stepcast.workflow.api.Workflow;
import dev.stepcast.workflow.api.WorkflowContext;
import dev.stepcast.workflow.api.WorkflowContext.Call;
import dev.stepcast.workflow.api.failure.NonRetryable;
import dev.stepcast.workflow.api.step.Step;
import java.time.Duration;
import java.util.List;

/** Takes an order from the basket to the customer's door. */
public final class ShipOrderWorkflow
    implements Workflow<ShipOrderWorkflow.Order, ShipOrderWorkflow.Shipped> {

  /** What it is triggered with: the JSON of the trigger's payload. */
  public record Order(String id, String customer, int cents) {}

  /** What the carrier says when it has fetched the parcel. */
  public record Fetched(String carrier) {}

  /** How far it has come: the data of the event {@code order.progress}. */
  public record Progress(int percent) {}

  /** What it ends with. */
  public record Shipped(String receipt, String carrier) {}

  private static final Step PATIENT = Step.retries(5).backoff(Duration.ofSeconds(2))
      .timeout(Duration.ofSeconds(20));

  @Override
  public Shipped run(WorkflowContext context, Order order) {
    // A step: runs, is recorded, and is never run again once it is. Then it is told to browsers.
    context.run("check", () -> {
      if (order.cents() <= 0) {
        throw new NonRetryable("an order of " + order.cents() + " cents"); // no second try
      }
      return true;
    });

    // Whoever may be called twice gets the step's key, the same for every attempt.
    var receipt = context.run("charge", PATIENT,
        () -> "receipt-" + order.id() + "-" + context.idempotencyKey().length());
    // If the run fails from here on, this is run before it ends; the last one registered first.
    context.onFailure("refund", () -> "refunded " + receipt);
    context.emit("order.progress", new Progress(50));

    // Two branches at once; each takes steps of its own.
    context.parallel(
        () -> context.run("print-label", () -> "label of " + order.id()),
        () -> context.call("tell-warehouse",
            Call.post("https://warehouse.example/parcels", "{\"order\":\"" + order.id() + "\"}")));

    // Nobody holds a thread meanwhile, and a restart changes nothing: days, or months.
    context.sleep("closing-time", Duration.ofHours(12));
    var fetched = context.waitForEvent("fetched", "fetched-" + order.id(), Fetched.class,
        Duration.ofDays(2));
    return new Shipped(receipt, fetched.map(Fetched::carrier).orElse("nobody"));
  }

  @Override
  public void failed(WorkflowContext context, Order order, Throwable cause) {
    context.run("apologise", () -> List.of(order.customer(), String.valueOf(cause.getMessage())));
  }
}
