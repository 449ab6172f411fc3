package dev.stepcast.realtime.simulation;

import dev.stepcast.platform.channel.ChannelLog.Entry;
import dev.stepcast.platform.channel.ChannelLog.Page;
import dev.stepcast.realtime.feed.Hub.Message;
import dev.stepcast.realtime.position.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The channel log as its scripts keep it, and a record of all that was ever stored. */
final class SimRedis {
  /** Few fit a ring, a page or a backlog. */
  private static final String PADDING = "x".repeat(30 * 1024);
  private static final int PAGE_MAX = 3;

  private final Map<String, Channel> channels = new HashMap<>();
  private long clockMs = 1_000;
  private int serials;
  private final Set<String> lostSerials = new HashSet<>();

  /** One channel; {@code told} is everything ever stored that Redis did not lose. */
  private static final class Channel {
    private List<Entry> entries = new ArrayList<>();
    private Position tail = Position.ZERO;
    private final List<Entry> told = new ArrayList<>();
  }

  void pass(long ms) {
    clockMs += ms;
  }

  long clockMs() {
    return clockMs;
  }

  Message append(String channel) {
    var c = channel(channel);
    boolean absent = c.entries.isEmpty();
    Position id;
    if (absent && !c.tail.equals(Position.ZERO)) {
      id = new Position(Math.max(clockMs, c.tail.ms() + 1), 0);
    } else if (clockMs > c.tail.ms()) {
      id = new Position(clockMs, 0);
    } else {
      id = new Position(c.tail.ms(), c.tail.seq() + 1);
    }
    var data = "\"" + ++serials + "-" + PADDING + "\"";
    var entry = new Entry(id.toString(), c.tail.toString(), "note", data);
    var message = new Message(id, c.tail, "note", data);
    c.entries.add(entry);
    c.told.add(entry);
    c.tail = id;
    return message;
  }

  void trim(String channel, int keep) {
    var c = channel(channel);
    int from = Math.max(0, c.entries.size() - keep);
    c.entries = new ArrayList<>(c.entries.subList(from, c.entries.size()));
  }

  /** A restart that lost the last {@code lost} appends of every channel. */
  void lose(int lost) {
    for (var c : channels.values()) {
      for (int i = 0; i < lost && !c.entries.isEmpty(); i++) {
        var gone = c.entries.removeLast();
        lostSerials.add(serial(c.told.removeLast()));
        c.tail = Position.of(gone.prev());
        clockMs = Math.max(clockMs, Position.of(gone.id()).ms() + 1);
      }
    }
  }

  /**
   * Whether Redis lost the event. A node that has not noticed yet may still tell it, also to a
   * client that was told of the loss by another node.
   */
  boolean hasLost(String serial) {
    return lostSerials.contains(serial);
  }

  static String serial(Entry entry) {
    return entry.data().substring(1, entry.data().indexOf('-'));
  }

  Position tail(String channel) {
    return channel(channel).tail;
  }

  Page read(String channel, Position after) {
    var c = channel(channel);
    var page = c.entries.stream().filter(entry -> Position.of(entry.id()).after(after))
        .limit(PAGE_MAX).toList();
    return new Page(c.tail.toString(), page);
  }

  List<Entry> told(String channel) {
    return channel(channel).told;
  }

  private Channel channel(String name) {
    return channels.computeIfAbsent(name, _ -> new Channel());
  }
}
