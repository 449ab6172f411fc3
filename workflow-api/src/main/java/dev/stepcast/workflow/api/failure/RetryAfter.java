package dev.stepcast.workflow.api.failure;

import java.time.Duration;

/**
 * Thrown by a step that knows when it is worth trying again, such as after an answer 429. It counts
 * as an attempt; the last one fails the step like any other failure.
 */
public class RetryAfter extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Duration after;

  /** Says why, and how long to wait. */
  public RetryAfter(String message, Duration after) {
    super(message);
    this.after = after;
  }

  /** How long to wait before the next attempt. */
  public Duration after() {
    return after;
  }
}
