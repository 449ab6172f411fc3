package dev.stepcast.workflow.api.step;

import java.time.Duration;
import java.util.Optional;

/**
 * How a step is tried. Immutable; begin with {@link #retries} or {@link #defaults}.
 *
 * @param retriesMost attempts after the first; empty: what the run was triggered with, else 3
 * @param firstDelay  before the second attempt; doubled for each one after, with jitter
 * @param delayMost   no pause is longer
 * @param timeoutAfter an attempt that takes longer is interrupted and counts as failed; empty: none
 */
public record Step(Optional<Integer> retriesMost, Duration firstDelay, Duration delayMost,
    Optional<Duration> timeoutAfter) {
  private static final Step DEFAULTS = new Step(Optional.empty(), Duration.ofSeconds(1),
      Duration.ofHours(1), Optional.empty());

  /** Refuses what makes no sense with {@link IllegalArgumentException}. */
  public Step {
    if (retriesMost.filter(most -> most < 0).isPresent() || firstDelay.isNegative()
        || delayMost.isNegative() || timeoutAfter.filter(Duration::isNegative).isPresent()) {
      throw new IllegalArgumentException("neither retries nor durations can be negative");
    }
  }

  /** As the run was triggered, with pauses of 1, 2, 4 … seconds. */
  public static Step defaults() {
    return DEFAULTS;
  }

  /** Tried at most {@code most} times after the first. */
  public static Step retries(int most) {
    return new Step(Optional.of(most), DEFAULTS.firstDelay, DEFAULTS.delayMost, Optional.empty());
  }

  /** This, with {@code first} before the second attempt; doubled for each one after. */
  public Step backoff(Duration first) {
    return new Step(retriesMost, first, delayMost, timeoutAfter);
  }

  /** This, with no pause longer than {@code most}. */
  public Step backoffMost(Duration most) {
    return new Step(retriesMost, firstDelay, most, timeoutAfter);
  }

  /** This, with attempts interrupted after {@code limit}. */
  public Step timeout(Duration limit) {
    return new Step(retriesMost, firstDelay, delayMost, Optional.of(limit));
  }
}
