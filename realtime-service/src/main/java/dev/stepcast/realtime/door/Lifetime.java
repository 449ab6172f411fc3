package dev.stepcast.realtime.door;

import java.util.concurrent.ThreadLocalRandom;

/** When one connection is pinged, asked to come back, or given up. */
final class Lifetime {
  private static final long STALLED_MS = 30_000;

  private final long pingEveryMs;
  private final long leaveAtMs;
  private long pingAtMs;
  private long moved = -1;
  private long movedAtMs;

  enum Due {
    NOTHING, PING, LEAVE, STALLED
  }

  Lifetime(RealtimeRoutes.Terms terms, long nowMs) {
    this.pingEveryMs = Math.max(1, terms.pingEvery().toMillis());
    this.pingAtMs = nowMs + jittered(pingEveryMs);
    this.leaveAtMs = nowMs + jittered(terms.maxLife().toMillis());
  }

  /**
   * What is due.
   *
   * @param full     whether bytes wait that the client has not taken
   * @param movedNow bytes that it has taken so far
   */
  Due at(long nowMs, boolean full, long movedNow) {
    if (!full || movedNow != moved) {
      moved = movedNow;
      movedAtMs = nowMs;
    } else if (nowMs - movedAtMs > STALLED_MS) {
      return Due.STALLED;
    }
    if (nowMs >= leaveAtMs) {
      return Due.LEAVE;
    }
    if (nowMs >= pingAtMs && !full) {
      pingAtMs = nowMs + jittered(pingEveryMs);
      return Due.PING;
    }
    return Due.NOTHING;
  }

  /** From four fifths of {@code ms} up to all of it: connections made together part. */
  private static long jittered(long ms) {
    return ms - ThreadLocalRandom.current().nextLong(Math.max(1, ms / 5));
  }
}
