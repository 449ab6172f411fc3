package dev.stepcast.api.v2;

/** A request that is not carried out; answered as {@code {"error": message}}. */
final class No extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final int status;

  No(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  /** The run has ended, or there is none: the package takes 400 for that, and only that. */
  static No gone(String run) {
    return new No(400, "workflow run " + run + " is not active");
  }

  int status() {
    return status;
  }
}
