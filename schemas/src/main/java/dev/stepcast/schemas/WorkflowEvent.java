package dev.stepcast.schemas;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What has happened to a run. {@code at} comes last, so that a script can complete it. */
public sealed interface WorkflowEvent extends Timed {
  /**
   * A run was accepted; first event on its channel.
   *
   * <p>Wire form: {@code schemas/events/workflow/runStart.json}.
   *
   * @param workflow name of the workflow
   * @param version version the run stays with
   * @param at when it happened by the clock of Redis, ms since the epoch
   */
  record RunStart(String workflow, String version, long at) implements WorkflowEvent {
    public RunStart {
      Check.name("workflow", workflow, 200);
      Check.name("version", version, 200);
      Check.least("at", at, 0);
    }
  }

  /**
   * A step is being run; may repeat with a higher attempt.
   *
   * <p>Wire form: {@code schemas/events/workflow/stepStart.json}.
   *
   * @param stepName the name the author gave the step
   * @param index the step's place in the run's journal
   * @param attempt which attempt, from 1
   * @param at when it happened by the clock of Redis, ms since the epoch
   */
  record StepStart(String stepName, int index, int attempt, long at) implements WorkflowEvent {
    public StepStart {
      Check.name("stepName", stepName, 200);
      Check.least("index", index, 0);
      Check.least("attempt", attempt, 1);
      Check.least("at", at, 0);
    }
  }

  /**
   * A step succeeded. A result over 32 KiB is shown as {"truncated":true}.
   *
   * <p>Wire form: {@code schemas/events/workflow/stepFinish.json}.
   *
   * @param stepName the name the author gave the step
   * @param index the step's place in the run's journal
   * @param attempt which attempt, from 1
   * @param tookMs how long the attempt took, ms
   * @param result any JSON
   * @param at when it happened by the clock of Redis, ms since the epoch
   */
  record StepFinish(String stepName, int index, int attempt, long tookMs, @Nullable RawJson result,
      long at) implements WorkflowEvent {
    public StepFinish {
      Check.name("stepName", stepName, 200);
      Check.least("index", index, 0);
      Check.least("attempt", attempt, 1);
      Check.least("tookMs", tookMs, 0);
      Check.least("at", at, 0);
    }
  }

  /**
   * An attempt failed; with retryAt another one follows.
   *
   * <p>Wire form: {@code schemas/events/workflow/stepFail.json}.
   *
   * @param stepName the name the author gave the step
   * @param index the step's place in the run's journal
   * @param attempt which attempt, from 1
   * @param error what it failed with
   * @param retryAt when the next attempt is due; absent after the last, ms since the epoch
   * @param at when it happened by the clock of Redis, ms since the epoch
   */
  record StepFail(String stepName, int index, int attempt, StepError error, @Nullable Long retryAt,
      long at) implements WorkflowEvent {
    public StepFail {
      Check.name("stepName", stepName, 200);
      Check.least("index", index, 0);
      Check.least("attempt", attempt, 1);
      if (retryAt != null) {
        Check.least("retryAt", retryAt, 0);
      }
      Check.least("at", at, 0);
    }
  }

  /**
   * A run sleeps.
   *
   * <p>Wire form: {@code schemas/events/workflow/runSleep.json}.
   *
   * @param stepName the name the author gave the step
   * @param index the step's place in the run's journal
   * @param until when it goes on, ms since the epoch
   * @param at when it happened by the clock of Redis, ms since the epoch
   */
  record RunSleep(String stepName, int index, long until, long at) implements WorkflowEvent {
    public RunSleep {
      Check.name("stepName", stepName, 200);
      Check.least("index", index, 0);
      Check.least("until", until, 0);
      Check.least("at", at, 0);
    }
  }

  /**
   * A run waits for an event.
   *
   * <p>Wire form: {@code schemas/events/workflow/runWait.json}.
   *
   * @param stepName the name the author gave the step
   * @param index the step's place in the run's journal
   * @param eventId what it waits for
   * @param until when it gives up; absent: never, ms since the epoch
   * @param at when it happened by the clock of Redis, ms since the epoch
   */
  record RunWait(String stepName, int index, String eventId, @Nullable Long until,
      long at) implements WorkflowEvent {
    public RunWait {
      Check.name("stepName", stepName, 200);
      Check.least("index", index, 0);
      Check.name("eventId", eventId, 200);
      if (until != null) {
        Check.least("until", until, 0);
      }
      Check.least("at", at, 0);
    }
  }

  /**
   * A run succeeded. A result over 32 KiB is shown as {"truncated":true}.
   *
   * <p>Wire form: {@code schemas/events/workflow/runFinish.json}.
   *
   * @param result any JSON
   * @param at when it happened by the clock of Redis, ms since the epoch
   */
  record RunFinish(@Nullable RawJson result, long at) implements WorkflowEvent {
    public RunFinish {
      Check.least("at", at, 0);
    }
  }

  /**
   * A run failed for good.
   *
   * <p>Wire form: {@code schemas/events/workflow/runFail.json}.
   *
   * @param error what it failed with
   * @param at when it happened by the clock of Redis, ms since the epoch
   */
  record RunFail(RunError error, long at) implements WorkflowEvent {
    public RunFail {
      Check.least("at", at, 0);
    }
  }

  /**
   * A run was canceled.
   *
   * <p>Wire form: {@code schemas/events/workflow/runCancel.json}.
   *
   * @param at when it happened by the clock of Redis, ms since the epoch
   */
  record RunCancel(long at) implements WorkflowEvent {
    public RunCancel {
      Check.least("at", at, 0);
    }
  }

  /**
   * Runs of a workflow changed; told on the channel workflow:&lt;name&gt;, folded.
   *
   * <p>Wire form: {@code schemas/events/workflow/listChanged.json}.
   *
   * @param runs latest state of each run that changed
   * @param at when it happened by the clock of Redis, ms since the epoch
   */
  record ListChanged(List<RunMoved> runs, long at) implements WorkflowEvent {
    public ListChanged {
      Check.least("at", at, 0);
      runs = List.copyOf(runs);
    }
  }
}
