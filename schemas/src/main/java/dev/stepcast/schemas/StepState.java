package dev.stepcast.schemas;

/** Where a step stands.
 *
 * <p>Wire form: {@code schemas/parts/stepState.json}. */
public enum StepState {
  /** Somebody is at it. */
  RUNNING,
  /** Until a time. */
  SLEEPING,
  /** For an event, a webhook, a child or an answer. */
  WAITING,
  /** Until the next attempt. */
  BACKING_OFF,
  /** Ended well. */
  SUCCEEDED,
  /** Ended in an error. */
  FAILED,
  /** Ended because somebody asked. */
  CANCELED;

  /** Whether nothing more can happen to it. */
  public boolean ended() {
    return this == SUCCEEDED || this == FAILED || this == CANCELED;
  }
}
