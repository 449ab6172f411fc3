package dev.stepcast.workflow.execution;

import dev.stepcast.workflow.api.WorkflowContext.Body;
import dev.stepcast.workflow.api.WorkflowContext.StepFailed;
import dev.stepcast.workflow.api.step.Step;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a failed run takes back: each as a step of its own, the last one registered first. */
final class Undo {
  private static final Logger log = LoggerFactory.getLogger(Undo.class);

  private final List<Steps.Asked> registered = new ArrayList<>();

  synchronized void add(String name, Body<?> body) {
    registered.add(new Steps.Asked(name, "undo", Step.defaults(), null, body));
  }

  /** Takes everything back; one that fails for good is logged and does not stop the others. */
  void run(Steps steps, Line branch) {
    List<Steps.Asked> all;
    synchronized (this) {
      all = new ArrayList<>(registered);
      registered.clear();
    }
    for (var one : all.reversed()) {
      try {
        steps.run(branch, one);
      } catch (StepFailed e) {
        log.atError().addKeyValue("step", one.name()).setCause(e).log("undo.failed");
      }
    }
  }
}
