package dev.stepcast.realtime.listen;

import dev.stepcast.realtime.frame.Frame;
import dev.stepcast.realtime.position.Ack;
import dev.stepcast.realtime.position.Position;
import java.util.ArrayList;
import java.util.List;

/** Seats taken together: nobody is told {@code connected} before all of them have a position. */
final class Party implements Audience.Boarding {
  private final Reads reads;
  private final Audience.Boarded then;
  private final List<Seat> seats = new ArrayList<>(1);
  private int unplaced;
  private boolean over;

  Party(Reads reads, Audience.Boarded then) {
    this.reads = reads;
    this.then = then;
  }

  void add(Seat seat) {
    seats.add(seat);
    unplaced++;
  }

  List<Seat> seats() {
    return seats;
  }

  /** Finds where the seat's ack is on the channel, once the mirror is there. */
  void resolve(Seat seat) {
    var ring = seat.mirror.ring;
    switch (seat.ack) {
      case Ack.Now() -> placed(seat, ring.last());
      case Ack.After(var id) -> placed(seat, id);
      case Ack.Since(var ms) -> {
        var known = ring.before(ms);
        if (known == null) {
          load(seat, Position.before(ms));
        } else {
          placed(seat, known);
        }
      }
      case Ack.All() -> {
        if (ring.floor().equals(Position.ZERO)) {
          placed(seat, Position.ZERO);
        } else {
          load(seat, Position.ZERO);
        }
      }
    }
  }

  private void load(Seat seat, Position after) {
    long generation = seat.mirror.generation;
    reads.read(seat.mirror, after, new Audience.Reading() {
      @Override
      public void page(Frame.Page page) {
        if (over || seat.state() != Seat.State.BOARDING) {
          return;
        }
        if (generation != seat.mirror.generation) {
          resolve(seat);
          return;
        }
        seat.loaded = new Seat.Loaded(page, generation);
        boolean missed = page.base().after(after) && !(seat.ack instanceof Ack.All);
        placed(seat, missed ? after : page.base());
      }

      @Override
      public void failed(Throwable cause) {
        fail(cause);
      }
    });
  }

  private void placed(Seat seat, Position position) {
    seat.place(position);
    if (--unplaced == 0 && !over) {
      over = true;
      then.boarded(this);
    }
  }

  private void fail(Throwable cause) {
    if (!over) {
      over = true;
      then.failed(cause);
    }
  }

  @Override
  public void cancel() {
    over = true;
  }
}
