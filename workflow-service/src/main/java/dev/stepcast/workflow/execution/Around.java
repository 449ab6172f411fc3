package dev.stepcast.workflow.execution;

import dev.stepcast.workflow.api.WorkflowContext;
import dev.stepcast.workflow.api.middleware.WorkflowMiddleware;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The middlewares around a run; what they throw is logged and changes nothing. */
record Around(List<WorkflowMiddleware> all, java.util.function.Supplier<WorkflowContext> context) {
  private static final Logger log = LoggerFactory.getLogger(Around.class);

  void started() {
    each(all, one -> one.runStarted(context.get()));
  }

  void before(String step) {
    each(all, one -> one.beforeExecution(context.get(), step));
  }

  void after(String step, @Nullable Object result) {
    each(all.reversed(), one -> one.afterExecution(context.get(), step, result));
  }

  void completed(@Nullable Object result) {
    each(all.reversed(), one -> one.runCompleted(context.get(), result));
  }

  void failed(@Nullable String step, Throwable error) {
    each(all.reversed(), one -> one.onError(context.get(), step, error));
  }

  private static void each(List<WorkflowMiddleware> some, Consumer<WorkflowMiddleware> call) {
    for (var one : some) {
      try {
        call.accept(one);
      } catch (RuntimeException e) {
        log.atWarn().addKeyValue("middleware", one.name()).setCause(e).log("middleware.failed");
      }
    }
  }
}
