package dev.stepcast.bench.fanout;

import java.util.Arrays;

/** What was seen: deliveries and how late they were, in buckets a twentieth of their value wide. */
final class Tally {
  private static final double STEP = Math.log(1.05);

  private final long[] buckets = new long[400];
  private long count;

  void add(long nanos) {
    int bucket = nanos <= 1_000 ? 0 : (int) (Math.log(nanos / 1_000.0) / STEP);
    buckets[Math.min(bucket, buckets.length - 1)]++;
    count++;
  }

  void clear() {
    Arrays.fill(buckets, 0);
    count = 0;
  }

  long count() {
    return count;
  }

  /** In milliseconds; 0 where nothing was seen. */
  double quantile(double part) {
    long left = (long) Math.ceil(count * part);
    for (int i = 0; i < buckets.length; i++) {
      left -= buckets[i];
      if (left <= 0 && count > 0) {
        return Math.exp((i + 1) * STEP) / 1_000;
      }
    }
    return 0;
  }
}
