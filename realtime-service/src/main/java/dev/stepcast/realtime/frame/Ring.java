package dev.stepcast.realtime.frame;

import dev.stepcast.realtime.position.Position;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A channel's latest events, without a hole: everything after {@link #floor} up to {@link #last}.
 * What no longer fits its bounds is forgotten from the front, which moves the floor.
 */
public final class Ring {
  /** Events kept at most. */
  public static final int COUNT_MAX = 1_024;
  /** Bytes kept at most; half of what a connection may have queued by default. */
  public static final int BYTES_MAX = 128 * 1024;
  /** How long an event is kept at most, ms. */
  public static final long AGE_MAX_MS = 60_000;

  private static final int FIRST_ROOM = 8;

  private Position floor;
  private Position last;
  private @Nullable Frame[] frames = new Frame[0];
  private int head;
  private int size;
  private long bytes;

  /** Holds nothing; {@code last} is the channel's last id. */
  public Ring(Position last) {
    this.floor = last;
    this.last = last;
  }

  /** Holds {@code frames}, which follow {@code floor}. */
  public Ring(Position floor, List<Frame> frames) {
    this(floor);
    frames.forEach(this::add);
  }

  /** The last id; everything after {@link #floor} up to here is held. */
  public Position last() {
    return last;
  }

  /** The id before the oldest event held. */
  public Position floor() {
    return floor;
  }

  /** Adds the event that follows {@link #last}. */
  public void add(Frame frame) {
    if (size == frames.length) {
      grow();
    }
    frames[(head + size) & (frames.length - 1)] = frame;
    size++;
    bytes += frame.size();
    last = frame.place();
    while (size > COUNT_MAX || bytes > BYTES_MAX) {
      dropFirst();
    }
  }

  /** Forgets what is older than {@link #AGE_MAX_MS} at that time of {@link System#nanoTime}. */
  public void age(long nowMs) {
    while (size > 0 && nowMs - at(0).bornMs() > AGE_MAX_MS) {
      dropFirst();
    }
    if (size == 0) {
      frames = new Frame[0];
      head = 0;
    }
  }

  /** Forgets everything; the channel goes on after {@code position}. */
  public void restart(Position position) {
    frames = new Frame[0];
    head = 0;
    size = 0;
    bytes = 0;
    floor = position;
    last = position;
  }

  /** What follows {@code position}, in order; null where that cannot be told from here. */
  public @Nullable List<Frame> after(Position position) {
    if (position.equals(last)) {
      return List.of();
    }
    if (position.equals(floor)) {
      return from(0);
    }
    int index = search(position);
    return index < size && at(index).place().equals(position) ? from(index + 1) : null;
  }

  /**
   * The place before the first event stored at {@code ms} or later; null where that cannot be told
   * from here, because the floor is not older.
   */
  public @Nullable Position before(long ms) {
    var bound = Position.before(ms);
    if (floor.after(bound)) {
      return null;
    }
    int index = search(new Position(ms, 0));
    return index == 0 ? floor : at(index - 1).place();
  }

  /** Everything held, oldest first. */
  public List<Frame> all() {
    return from(0);
  }

  /** The first index whose id is at or after {@code position}. */
  private int search(Position position) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (position.after(at(middle).place())) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private List<Frame> from(int first) {
    var list = new ArrayList<Frame>(size - first);
    for (int i = first; i < size; i++) {
      list.add(at(i));
    }
    return list;
  }

  private Frame at(int index) {
    return Objects.requireNonNull(frames[(head + index) & (frames.length - 1)]);
  }

  private void dropFirst() {
    var first = at(0);
    floor = first.place();
    bytes -= first.size();
    frames[head] = null;
    head = (head + 1) & (frames.length - 1);
    size--;
  }

  private void grow() {
    var wider = Arrays.copyOf(frames, Math.max(FIRST_ROOM, frames.length * 2));
    if (head > 0) {
      System.arraycopy(frames, head, wider, 0, frames.length - head);
      System.arraycopy(frames, 0, wider, frames.length - head, head);
      Arrays.fill(wider, size, wider.length, null);
      head = 0;
    }
    frames = wider;
  }
}
