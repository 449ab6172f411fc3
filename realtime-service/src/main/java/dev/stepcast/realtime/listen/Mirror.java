package dev.stepcast.realtime.listen;

import dev.stepcast.realtime.frame.Frame;
import dev.stepcast.realtime.frame.Ring;
import dev.stepcast.realtime.position.Position;
import java.util.ArrayList;
import java.util.List;

/** What this loop knows of one channel: the hub's feed, followed through mail. */
final class Mirror {
  final String channel;
  /** Which of this loop's joins of the channel; mail for another one is void. */
  final int join;
  final Frame.Encoder encoder;
  final List<Seat> seats = new ArrayList<>(2);
  Ring ring = new Ring(Position.ZERO);
  long generation;
  /** Whether the snapshot has come. */
  boolean ready;

  Mirror(String channel, int join) {
    this.channel = channel;
    this.join = join;
    this.encoder = new Frame.Encoder(channel);
  }

  void add(Seat seat) {
    seat.row = seats.size();
    seats.add(seat);
  }

  void remove(Seat seat) {
    var moved = seats.removeLast();
    if (moved != seat) {
      seats.set(seat.row, moved);
      moved.row = seat.row;
    }
  }
}
