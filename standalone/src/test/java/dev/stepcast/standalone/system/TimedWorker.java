package dev.stepcast.standalone.system;

import dev.stepcast.platform.service.ServiceHost;
import dev.stepcast.workflow.WorkflowConfig;
import dev.stepcast.workflow.WorkflowService;
import dev.stepcast.workflow.api.Workflow;
import dev.stepcast.workflow.api.WorkflowContext;
import dev.stepcast.workflow.api.step.Step;
import dev.stepcast.workflow.registry.Registry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A workflow-service in a process of its own, with workflows to which the time matters. */
public final class TimedWorker {
  private static final Duration NAP = Duration.ofMillis(1_500);
  private static final Duration PAUSE = Duration.ofMillis(1_100);
  private static final int CHILDREN = 20;

  private TimedWorker() {}

  /** Runs until told to stop. */
  public static void main(String[] args) {
    ServiceHost.main(WorkflowConfig::from, (platform, config) -> new WorkflowService(platform,
        config, new Registry(List.of(new Story(), new Held(), new Parent(), new Child(),
            new Sleeper()))));
  }

  /** What the recorded clock said first and last, and the process' own between. */
  record Told(long begun, Own own, long over) {}

  /** What the clock of the process says. */
  record Own(long own) {}

  /** Rests in every way for over a second each. */
  static final class Story implements Workflow<Object, Told> {
    @Override
    public Told run(WorkflowContext context, Object input) {
      var begun = context.now();
      context.sleep("nap", NAP);
      context.sleepUntil("until", begun.plus(NAP.multipliedBy(2)));
      context.waitForEvent("never", "never-" + context.runId(), String.class, NAP);
      var own = context.run("shaky", Step.retries(1).backoff(PAUSE), () -> {
        if (context.attempt() == 1) {
          throw new IOException("not yet");
        }
        return new Own(System.currentTimeMillis());
      });
      return new Told(begun.toEpochMilli(), own, context.now().toEpochMilli());
    }
  }

  /** A step without end, where the process' clock is an hour ahead of the time given. */
  static final class Held implements Workflow<Long, Own> {
    @Override
    public Own run(WorkflowContext context, Long time) {
      return context.run("hold", () -> {
        if (System.currentTimeMillis() - time > TimeUnit.HOURS.toMillis(1)) {
          TimeUnit.HOURS.sleep(1);
        }
        return new Own(System.currentTimeMillis());
      });
    }
  }

  /** One child after the other: each begins and each end is a ring that a worker must heed. */
  static final class Parent implements Workflow<Object, Integer> {
    @Override
    public Integer run(WorkflowContext context, Object input) {
      int sum = 0;
      for (int i = 0; i < CHILDREN; i++) {
        sum += context.invoke("child-" + i, "child", null, Integer.class);
      }
      return sum;
    }
  }

  /** The least there is. */
  static final class Child implements Workflow<Object, Integer> {
    @Override
    public Integer run(WorkflowContext context, @Nullable Object input) {
      return 1;
    }
  }

  /** Sleeps an hour. */
  static final class Sleeper implements Workflow<Object, String> {
    @Override
    public String run(WorkflowContext context, Object input) {
      context.sleep("hour", Duration.ofHours(1));
      return "";
    }
  }
}
