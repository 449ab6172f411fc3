package dev.stepcast.realtime.listen;

import dev.stepcast.realtime.frame.Frame;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What waits to be written to one connection: references to shared frames, in order. */
final class Backlog {
  private static final int FIRST_ROOM = 4;

  private @Nullable Frame[] frames = new Frame[0];
  private @Nullable Seat[] seats = new Seat[0];
  private int head;
  private int size;
  private long bytes;

  void add(@Nullable Seat seat, Frame frame) {
    if (size == frames.length) {
      grow();
    }
    int at = (head + size) & (frames.length - 1);
    frames[at] = frame;
    seats[at] = seat;
    size++;
    bytes += frame.size();
  }

  boolean isEmpty() {
    return size == 0;
  }

  long bytes() {
    return bytes;
  }

  Frame frame() {
    return Objects.requireNonNull(frames[head]);
  }

  /** Whose frame is next; null for what belongs to no channel. */
  @Nullable
  Seat seat() {
    return seats[head];
  }

  void drop() {
    bytes -= frame().size();
    frames[head] = null;
    seats[head] = null;
    head = (head + 1) & (frames.length - 1);
    size--;
  }

  void clear() {
    frames = new Frame[0];
    seats = new Seat[0];
    head = 0;
    size = 0;
    bytes = 0;
  }

  private void grow() {
    int room = Math.max(FIRST_ROOM, frames.length * 2);
    var widerFrames = new @Nullable Frame[room];
    var widerSeats = new @Nullable Seat[room];
    for (int i = 0; i < size; i++) {
      int at = (head + i) & (frames.length - 1);
      widerFrames[i] = frames[at];
      widerSeats[i] = seats[at];
    }
    frames = widerFrames;
    seats = widerSeats;
    head = 0;
  }
}
