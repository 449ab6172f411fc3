package dev.stepcast.workflow.api.middleware;

import dev.stepcast.workflow.api.WorkflowContext;
import org.jspecify.annotations.Nullable;

/**
 * Goes around every run and step of the workflows that name it. Events for the browser need no
 * middleware: the engine tells them as part of each transition.
 *
 * <p>Callbacks run on the workflow's thread and may be repeated after a crash. What they throw is
 * logged and changes nothing.
 */
public interface WorkflowMiddleware {
  /** Its name, for the log. */
  String name();

  /** A run begins: once, before its first step; again only if that is lost. */
  default void runStarted(WorkflowContext context) {}

  /** A step is about to be run; not called for recorded steps. */
  default void beforeExecution(WorkflowContext context, String stepName) {}

  /** A step has been run and is being recorded. */
  default void afterExecution(WorkflowContext context, String stepName,
      @Nullable Object result) {}

  /** A run has ended well and is being recorded. */
  default void runCompleted(WorkflowContext context, @Nullable Object result) {}

  /** A step or the run failed; {@code stepName} is null for the run. */
  default void onError(WorkflowContext context, @Nullable String stepName, Throwable error) {}
}
