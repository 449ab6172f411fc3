package dev.stepcast.platform.pubsub;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether the servers behind a subscription are alive: for each hash tag, since when an answer is
 * owed. Channels of one tag are on one server, so one of them answers for all.
 */
final class Pulse {
  private final long withinNanos;
  /** Tag to when the oldest unanswered ping went out. */
  private final Map<String, Long> owed = new HashMap<>();

  Pulse(Duration within) {
    this.withinNanos = within.toNanos();
  }

  /** Nothing is owed on a fresh connection. */
  void begin() {
    owed.clear();
  }

  /** Notes a ping for every tag, and answers one channel of each, to send it about. */
  List<String> ping(Collection<String> channels, long now) {
    var each = new LinkedHashMap<String, String>();
    channels.forEach(channel -> each.putIfAbsent(tag(channel), channel));
    owed.keySet().retainAll(each.keySet());
    each.keySet().forEach(tag -> owed.putIfAbsent(tag, now));
    return List.copyOf(each.values());
  }

  /** Something came about {@code channel}. */
  void heard(String channel) {
    if (!owed.isEmpty()) {
      owed.remove(tag(channel));
    }
  }

  /** Whether an answer is overdue. */
  boolean late(long now) {
    return owed.values().stream().anyMatch(since -> now - since > withinNanos);
  }

  private static String tag(String channel) {
    int from = channel.indexOf('{');
    int to = from < 0 ? -1 : channel.indexOf('}', from);
    return to < 0 ? channel : channel.substring(from, to);
  }
}
