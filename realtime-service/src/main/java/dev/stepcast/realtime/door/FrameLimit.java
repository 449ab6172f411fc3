package dev.stepcast.realtime.door;

/**
 * How much a client may ask in frames: 100 at once, 50 a second over time. Each frame counts, and
 * so does every fourth channel that one names, since each may cost a subscription and a read.
 */
final class FrameLimit {
  private static final double BURST = 100;
  private static final double CHANNELS_A_FRAME = 4;
  private static final double PER_NANO = 50 / 1e9;

  private double left = BURST;
  private long countedAt = System.nanoTime();

  /** Counts one frame; whether it is still within the limit. */
  boolean allows(long nanoTime) {
    return allows(nanoTime, 1);
  }

  /** Counts the channels that a frame names. */
  boolean allowsChannels(long nanoTime, int channels) {
    return allows(nanoTime, channels / CHANNELS_A_FRAME);
  }

  private boolean allows(long nanoTime, double cost) {
    left = Math.min(BURST, left + (nanoTime - countedAt) * PER_NANO);
    countedAt = nanoTime;
    if (left < cost) {
      return false;
    }
    left -= cost;
    return true;
  }
}
