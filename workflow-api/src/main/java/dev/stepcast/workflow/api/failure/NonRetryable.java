package dev.stepcast.workflow.api.failure;

/** Thrown by a step that would fail again in the same way: it is not tried again. */
public class NonRetryable extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Says why. */
  public NonRetryable(String message) {
    super(message);
  }

  /** Says why, and what it came from. */
  public NonRetryable(String message, Throwable cause) {
    super(message, cause);
  }
}
