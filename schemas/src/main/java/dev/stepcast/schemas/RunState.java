package dev.stepcast.schemas;

/** Where a run stands.
 *
 * <p>Wire form: {@code schemas/parts/runState.json}. */
public enum RunState {
  /** Due, and nobody has taken it yet. */
  QUEUED,
  /** Somebody is at it. */
  RUNNING,
  /** Until a time. */
  SLEEPING,
  /** For an event, a webhook, a child or an answer. */
  WAITING,
  /** Until the next attempt. */
  BACKING_OFF,
  /** Until somebody unpauses it. */
  PAUSED,
  /** Until flow control grants a slot. */
  BLOCKED_BY_FLOW,
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
