package dev.stepcast.workflow.api;

import dev.stepcast.workflow.api.middleware.WorkflowMiddleware;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A business process whose steps survive crashes. Found by {@link java.util.ServiceLoader}: name
 * the class in {@code META-INF/services/dev.stepcast.workflow.api.Workflow}. One instance runs all
 * runs at the same time, so it must have no state of its own.
 *
 * <p>The engine may call {@link #run} many times for one run, from the start: recorded steps answer
 * at once what they answered then. So between steps the code must do the same each time: ask
 * {@link WorkflowContext} for the time, for random numbers, and for everything that has effects.
 *
 * @param <I> what a run is triggered with: a record, or anything else that Jackson reads
 * @param <O> what a run ends with
 */
public interface Workflow<I, O> {
  /**
   * The process, in blocking style on a virtual thread. What it throws fails the run. Errors that
   * the context throws to unwind it must not be caught: catch {@link Exception}, not Throwable.
   */
  @Nullable
  O run(WorkflowContext context, I input) throws Exception;

  /**
   * What it is triggered by; by default its class' name without Workflow, as {@code ship-order}.
   */
  default String name() {
    return getClass().getSimpleName().replaceFirst("Workflow$", "")
        .replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }

  /**
   * Runs stay with the version they began with. Change it with every change that makes the steps
   * come in another order, and leave the old class in place until its runs have ended.
   */
  default String version() {
    return "1";
  }

  /**
   * JSON Schema that payloads must fit, an object; one with a {@code default} can be triggered
   * without.
   */
  default String payloadSchema() {
    return "{}";
  }

  /** A payload to try it with, as JSON. */
  default Optional<String> samplePayload() {
    return Optional.empty();
  }

  /** Called once when a run has failed, after compensation and before it is recorded. */
  default void failed(WorkflowContext context, I input, Throwable cause) {}

  /** What goes around its runs and steps, outermost first. */
  default List<WorkflowMiddleware> middlewares() {
    return List.of();
  }
}
