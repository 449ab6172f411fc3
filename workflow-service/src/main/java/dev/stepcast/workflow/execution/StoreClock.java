package dev.stepcast.workflow.execution;

import java.util.function.LongSupplier;

/** The store's clock as this process knows it: never ahead of it, behind by a round trip. */
final class StoreClock {
  private final LongSupplier nanos;
  private long heardMs;
  private long heardNanos;

  StoreClock(long nowMs, LongSupplier nanos) {
    this.nanos = nanos;
    this.heardMs = nowMs;
    this.heardNanos = nanos.getAsLong();
  }

  /** The store said that it is {@code nowMs}, a moment ago. */
  synchronized void heard(long nowMs) {
    if (nowMs > now()) {
      heardMs = nowMs;
      heardNanos = nanos.getAsLong();
    }
  }

  /** Ms since the epoch. */
  synchronized long now() {
    return heardMs + (nanos.getAsLong() - heardNanos) / 1_000_000;
  }
}
