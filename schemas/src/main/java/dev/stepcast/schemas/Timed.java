package dev.stepcast.schemas;

/**
 * Carries, as its last member, the instant at which it happened. That instant is the clock of
 * Redis, so a record made before its transition runs has {@link #OPEN} there and goes out through
 * {@link Wire#encodeOpen}.
 */
public interface Timed {
  /** The instant is not known yet; the script that applies the transition completes it. */
  long OPEN = 0;

  /** When it happened, ms since the epoch. */
  long at();
}
