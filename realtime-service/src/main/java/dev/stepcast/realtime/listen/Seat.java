package dev.stepcast.realtime.listen;

import dev.stepcast.realtime.frame.Frame;
import dev.stepcast.realtime.position.Ack;
import dev.stepcast.realtime.position.Position;
import org.jspecify.annotations.Nullable;

/** One connection's place on one channel, for as long as it listens to it. */
final class Seat {
  final Listener listener;
  final Mirror mirror;
  final Ack ack;
  private State state = State.BOARDING;
  /** Where it began: what {@code connected} told. */
  Position start = Position.ZERO;
  /** The last event that was queued; nothing at or below it is queued again. */
  Position queued = Position.ZERO;
  /** The last event that was written. */
  Position written = Position.ZERO;
  /** Whether {@link #queued} was found in this session's history, not only claimed. */
  boolean proven;
  boolean reading;
  /** Whether it is told who comes and goes. */
  boolean watches;
  boolean delivered;
  /** Read while boarding, to be queued behind {@code connected}. */
  @Nullable
  Loaded loaded;
  /** Who waits for its position; null once it has begun. */
  @Nullable
  Party party;
  /** Index in the mirror's seats. */
  int row;

  enum State {
    BOARDING, REPLAYING, LIVE, GONE
  }

  /** A page and the mirror's generation when it was asked for. */
  record Loaded(Frame.Page page, long generation) {}

  Seat(Listener listener, Mirror mirror, Ack ack) {
    this.listener = listener;
    this.mirror = mirror;
    this.ack = ack;
  }

  State state() {
    return state;
  }

  void become(State next) {
    if (state == State.REPLAYING) {
      listener.behind--;
    }
    state = next;
    if (state == State.REPLAYING) {
      listener.behind++;
    }
  }

  String channel() {
    return mirror.channel;
  }

  void place(Position position) {
    start = position;
    queued = position;
    written = position;
  }

  void wrote(Frame frame) {
    var id = frame.id();
    if (id != null) {
      written = id;
      delivered = true;
    }
  }
}
