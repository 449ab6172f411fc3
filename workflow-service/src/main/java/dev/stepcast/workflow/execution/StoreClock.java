package dev.stepcast.workflow.execution;

/** The store's clock as this process knows it: never ahead of it, behind by a round trip. */
final class StoreClock {
  private long heardMs;
  private long heardNanos;

  StoreClock(long nowMs) {
    this.heardMs = nowMs;
    this.heardNanos = System.nanoTime();
  }

  /** The store said that it is {@code nowMs}, a moment ago. */
  synchronized void heard(long nowMs) {
    if (nowMs > now()) {
      heardMs = nowMs;
      heardNanos = System.nanoTime();
    }
  }

  /** Ms since the epoch. */
  synchronized long now() {
    return heardMs + (System.nanoTime() - heardNanos) / 1_000_000;
  }
}
