package dev.stepcast.realtime.position;

import org.jspecify.annotations.Nullable;

/**
 * A place on a channel: the id of the last event one has. Order is Redis' order of stream ids.
 *
 * @param ms  unsigned, Redis' clock when the event was stored
 * @param seq unsigned, counts within one ms
 */
public record Position(long ms, long seq) implements Comparable<Position> {
  /** Before everything. */
  public static final Position ZERO = new Position(0, 0);

  private static final int CHARS_MAX = 41;

  /** Reads an id that Redis made; anything else is an {@link IllegalArgumentException}. */
  public static Position of(String id) {
    var read = read(id);
    if (read == null) {
      throw new IllegalArgumentException("not an id: " + id);
    }
    return read;
  }

  /** Reads {@code <ms>-<seq>}; null where it is something else. */
  public static @Nullable Position read(String text) {
    int dash = text.indexOf('-');
    if (dash <= 0 || dash == text.length() - 1 || text.length() > CHARS_MAX) {
      return null;
    }
    var ms = unsigned(text.substring(0, dash));
    var seq = unsigned(text.substring(dash + 1));
    return ms == null || seq == null ? null : new Position(ms, seq);
  }

  /** The last place before everything that was stored at {@code ms} or later. */
  public static Position before(long ms) {
    return ms == 0 ? ZERO : new Position(ms - 1, -1);
  }

  static @Nullable Long unsigned(String digits) {
    for (int i = 0; i < digits.length(); i++) {
      if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
        return null;
      }
    }
    try {
      return Long.parseUnsignedLong(digits);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  @Override
  public int compareTo(Position other) {
    int byMs = Long.compareUnsigned(ms, other.ms);
    return byMs == 0 ? Long.compareUnsigned(seq, other.seq) : byMs;
  }

  /** Whether this lies after {@code other}. */
  public boolean after(Position other) {
    return compareTo(other) > 0;
  }

  /** The id as Redis writes it. */
  @Override
  public String toString() {
    return Long.toUnsignedString(ms) + '-' + Long.toUnsignedString(seq);
  }
}
