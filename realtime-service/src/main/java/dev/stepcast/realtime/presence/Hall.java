package dev.stepcast.realtime.presence;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Who has connections to one channel here, and what of it has not been told yet. */
final class Hall {
  private static final long LOOK_EVERY_MS = 500;

  final String channel;
  /** Subject to connections. */
  final Map<String, Integer> counts = new HashMap<>();
  final Set<String> arrived = new LinkedHashSet<>();
  final Set<String> departed = new LinkedHashSet<>();
  /** When those who are here must be told again, of {@link System#nanoTime}; 0 for never. */
  long renewAtMs;
  /** When somebody's grace is over next; 0 for never. */
  long lookAtMs;
  private long lookUntilMs;

  Hall(String channel) {
    this.channel = channel;
  }

  /** Whether there is something to tell by that. */
  boolean arrive(String subject) {
    return counts.merge(subject, 1, Integer::sum) == 1 && !departed.remove(subject)
        && arrived.add(subject);
  }

  boolean depart(String subject) {
    var left = counts.computeIfPresent(subject, (_, count) -> count == 1 ? null : count - 1);
    return left == null && !arrived.remove(subject) && departed.add(subject);
  }

  /** Somebody's grace is over at {@code atMs}. */
  void lookAt(long atMs) {
    lookAtMs = lookAtMs == 0 ? atMs : lookAtMs;
    lookUntilMs = Math.max(lookUntilMs, atMs);
  }

  /** The next look is due only if somebody went after the one that this look was for. */
  void looked(long nowMs) {
    lookAtMs = nowMs >= lookUntilMs ? 0 : Math.min(lookUntilMs, nowMs + LOOK_EVERY_MS);
  }

  boolean isOver() {
    return counts.isEmpty() && arrived.isEmpty() && departed.isEmpty() && lookAtMs == 0
        && renewAtMs == 0;
  }
}
