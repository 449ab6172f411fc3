package dev.stepcast.realtime.door;

/** How many frames a client may send: 100 at once, 50 a second over time. */
final class FrameLimit {
  private static final double BURST = 100;
  private static final double PER_NANO = 50 / 1e9;

  private double left = BURST;
  private long countedAt = System.nanoTime();

  /** Counts one frame; whether it is still within the limit. */
  boolean allows(long nanoTime) {
    left = Math.min(BURST, left + (nanoTime - countedAt) * PER_NANO);
    countedAt = nanoTime;
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }
}
