package dev.stepcast.bench.workflow;

import dev.stepcast.workflow.api.Workflow;
import dev.stepcast.workflow.api.WorkflowContext;
import java.time.Duration;

/** Many small steps, and a sleep before the last one, so that all of them are replayed once. */
public final class LongWorkflow implements Workflow<LongWorkflow.Asked, Integer> {
  /** How many steps, and how long it sleeps before the last one. */
  public record Asked(int steps, long sleepMs) {}

  @Override
  public Integer run(WorkflowContext context, Asked asked) {
    int sum = 0;
    for (int i = 1; i < asked.steps(); i++) {
      int step = i;
      sum += context.run("step-" + i, () -> step);
    }
    if (asked.sleepMs() > 0) {
      context.sleep("sleep", Duration.ofMillis(asked.sleepMs()));
    }
    int before = sum;
    return context.run("last", () -> before + asked.steps());
  }
}
