package dev.stepcast.api.redis;

/** A command that is not carried out; its message is what the program is told. */
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1;

  Refused(String message) {
    super(message, null, false, false);
  }
}
