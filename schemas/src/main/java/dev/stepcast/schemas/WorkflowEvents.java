package dev.stepcast.schemas;

import java.util.List;

/** The events {@code workflow.*}: what a run tells on its channel. */
public final class WorkflowEvents {
  /** A run was accepted; first event on its channel. */
  public static final EventType<WorkflowEvent.RunStart> RUN_START = new EventType<>(
      "workflow.runStart", WorkflowEvent.RunStart.class);

  /** A step is being run; may repeat with a higher attempt. */
  public static final EventType<WorkflowEvent.StepStart> STEP_START = new EventType<>(
      "workflow.stepStart", WorkflowEvent.StepStart.class);

  /** A step succeeded. */
  public static final EventType<WorkflowEvent.StepFinish> STEP_FINISH = new EventType<>(
      "workflow.stepFinish", WorkflowEvent.StepFinish.class);

  /** An attempt failed; with retryAt another one follows. */
  public static final EventType<WorkflowEvent.StepFail> STEP_FAIL = new EventType<>(
      "workflow.stepFail", WorkflowEvent.StepFail.class);

  /** A run sleeps. */
  public static final EventType<WorkflowEvent.RunSleep> RUN_SLEEP = new EventType<>(
      "workflow.runSleep", WorkflowEvent.RunSleep.class);

  /** A run waits for an event. */
  public static final EventType<WorkflowEvent.RunWait> RUN_WAIT = new EventType<>(
      "workflow.runWait", WorkflowEvent.RunWait.class);

  /** A run succeeded. */
  public static final EventType<WorkflowEvent.RunFinish> RUN_FINISH = new EventType<>(
      "workflow.runFinish", WorkflowEvent.RunFinish.class);

  /** A run failed for good. */
  public static final EventType<WorkflowEvent.RunFail> RUN_FAIL = new EventType<>(
      "workflow.runFail", WorkflowEvent.RunFail.class);

  /** A run was canceled. */
  public static final EventType<WorkflowEvent.RunCancel> RUN_CANCEL = new EventType<>(
      "workflow.runCancel", WorkflowEvent.RunCancel.class);

  /** Runs of a workflow changed; told on the channel workflow:&lt;name&gt;, folded. */
  public static final EventType<WorkflowEvent.ListChanged> LIST_CHANGED = new EventType<>(
      "workflow.listChanged", WorkflowEvent.ListChanged.class);

  static final List<EventType<?>> ALL = List.of(RUN_START, STEP_START, STEP_FINISH, STEP_FAIL,
      RUN_SLEEP, RUN_WAIT, RUN_FINISH, RUN_FAIL, RUN_CANCEL, LIST_CHANGED);

  private WorkflowEvents() {}
}
