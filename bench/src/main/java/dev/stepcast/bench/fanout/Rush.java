package dev.stepcast.bench.fanout;

/** How many there were in the busiest tenth of a second. */
final class Rush {
  private static final long TENTH = 100_000_000L;

  private long since;
  private int count;
  private int most;

  void add(int some) {
    long now = System.nanoTime();
    if (now - since > TENTH) {
      since = now;
      count = 0;
    }
    count += some;
    most = Math.max(most, count);
  }

  /** The greatest number since this was asked last. */
  int take() {
    int taken = most;
    most = 0;
    count = 0;
    return taken;
  }
}
