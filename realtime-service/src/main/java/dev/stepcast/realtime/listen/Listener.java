package dev.stepcast.realtime.listen;

import dev.stepcast.realtime.frame.Frame;
import dev.stepcast.realtime.mark.PositionVector;
import dev.stepcast.realtime.position.Position;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection: its seats, what waits to be written, how much of that may be. It belongs to its
 * {@link Audience}'s loop.
 */
public final class Listener {
  private static final int WRITE_BYTES_MAX = 64 * 1024;

  private final Outlet outlet;
  private final long backlogBytesMax;
  private final Backlog backlog = new Backlog();
  private final List<Seat> seats = new ArrayList<>(1);
  /** Seats that read the history. */
  int behind;
  private boolean dirty;
  private boolean closing;

  /** Where frames go. */
  public interface Outlet {
    /** Whether bytes wait that the client has not taken: write no more now. */
    boolean full();

    /** Whether each event says the positions of all channels, and not only its own id. */
    boolean tellsPositions();

    /**
     * Writes frames in order, as one piece.
     *
     * @param marks for each frame the positions that are told with it, null for its own id or
     *              none; null when that holds for all
     */
    void write(List<Frame> frames, @Nullable List<@Nullable String> marks);

    /** The right of {@code subject}, or of everybody ({@code *}), to a channel has ended. */
    default void revoked(String channel, String subject) {}

    /** What was rung on a channel may have been missed: look again who may listen. */
    default void resynced(String channel) {}
  }

  /**
   * A connection with nothing to listen to yet.
   *
   * @param backlogBytesMax what may wait in memory; beyond it the history is read again later
   */
  public Listener(Outlet outlet, long backlogBytesMax) {
    this.outlet = outlet;
    this.backlogBytesMax = backlogBytesMax;
  }

  /** The channels listened to, in order. */
  public List<String> channels() {
    return seats.stream().map(Seat::channel).toList();
  }

  /** Whether {@code channel} is listened to. */
  public boolean listensTo(String channel) {
    return seat(channel) != null;
  }

  /** How many channels are listened to. */
  public int seated() {
    return seats.size();
  }

  /** Bytes that wait. */
  public long backlogBytes() {
    return backlog.bytes();
  }

  /** Whether it has fallen behind on some channel, and reads the history. */
  public boolean lags() {
    return behind > 0;
  }

  /**
   * From when a client that goes by time must start again, ms since the epoch: the earliest start
   * among channels that nothing was delivered on, else just now.
   */
  public long resumeMs(long nowMs) {
    return seats.stream().filter(seat -> !seat.delivered && seat.start.ms() > 0)
        .mapToLong(seat -> seat.start.ms()).min().orElse(nowMs - 1);
  }

  Outlet outlet() {
    return outlet;
  }

  List<Seat> seats() {
    return seats;
  }

  @Nullable
  Seat seat(String channel) {
    for (var seat : seats) {
      if (seat.channel().equals(channel)) {
        return seat;
      }
    }
    return null;
  }

  boolean closing() {
    return closing;
  }

  /** From now on only what is queued from here is written. */
  void beginClosing() {
    closing = true;
    backlog.clear();
  }

  boolean full() {
    return backlog.bytes() >= backlogBytesMax;
  }

  boolean belowHalf() {
    return backlog.bytes() < backlogBytesMax / 2;
  }

  void queue(@Nullable Seat seat, Frame frame) {
    backlog.add(seat, frame);
  }

  /** Whether this was clean until now. */
  boolean soil() {
    boolean first = !dirty;
    dirty = true;
    return first;
  }

  /** Writes what waits, as far as the client takes it. */
  void flush() {
    dirty = false;
    while (!backlog.isEmpty() && (closing || !outlet.full())) {
      writeSome();
    }
  }

  private void writeSome() {
    boolean tells = outlet.tellsPositions();
    var frames = new ArrayList<Frame>();
    var marks = new ArrayList<@Nullable String>(0);
    boolean marked = false;
    for (long bytes = 0; !backlog.isEmpty() && bytes < WRITE_BYTES_MAX; backlog.drop()) {
      var frame = backlog.frame();
      var seat = backlog.seat();
      if (seat != null && seat.state() == Seat.State.GONE) {
        continue;
      }
      if (seat != null) {
        seat.wrote(frame);
      }
      var mark = tells && frame.marks() ? mark(frame) : null;
      marked |= mark != null;
      frames.add(frame);
      if (tells) {
        marks.add(mark);
      }
      bytes += frame.size();
    }
    if (!frames.isEmpty()) {
      outlet.write(frames, marked ? marks : null);
    }
  }

  private @Nullable String mark(Frame frame) {
    if (seats.size() == 1) {
      return frame.id() == null ? seats.getFirst().written.toString() : null;
    }
    var channels = new ArrayList<String>(seats.size());
    var positions = new ArrayList<Position>(seats.size());
    for (var seat : seats) {
      channels.add(seat.channel());
      positions.add(seat.written);
    }
    return PositionVector.encode(channels, positions);
  }
}
