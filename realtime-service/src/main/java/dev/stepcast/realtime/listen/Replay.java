package dev.stepcast.realtime.listen;

import dev.stepcast.realtime.frame.Frame;
import dev.stepcast.realtime.position.Position;
import dev.stepcast.schemas.RealtimeEvent.Gap;
import dev.stepcast.schemas.RealtimeEvent.GapReason;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Brings seats that are behind up to their mirror: from its ring, else page by page. */
final class Replay {
  private final Audience.World world;
  private final Reads reads;
  private final Outgoing outgoing;
  private final Set<Seat> again = new LinkedHashSet<>();

  Replay(Audience.World world, Reads reads, Outgoing outgoing) {
    this.world = world;
    this.reads = reads;
    this.outgoing = outgoing;
  }

  /** Tries again for those whose page could not be read. */
  void retry() {
    var seats = List.copyOf(again);
    again.clear();
    seats.forEach(this::pull);
  }

  /** Brings a seat that is behind closer to the mirror, as far as its backlog has room. */
  void pull(Seat seat) {
    if (seat.state() != Seat.State.REPLAYING || seat.reading || seat.listener.closing()
        || !seat.listener.belowHalf()) {
      return;
    }
    var mirror = seat.mirror;
    var following = mirror.ring.after(seat.queued);
    if (following != null) {
      following.forEach(frame -> outgoing.queue(seat.listener, seat, frame));
      seat.queued = mirror.ring.last();
      seat.become(Seat.State.LIVE);
    } else if (seat.proven && seat.queued.after(mirror.ring.last())) {
      seat.become(Seat.State.LIVE);
    } else {
      load(seat);
    }
  }

  private void load(Seat seat) {
    seat.reading = true;
    long generation = seat.mirror.generation;
    reads.read(seat.mirror, seat.queued, new Audience.Reading() {
      @Override
      public void page(Frame.Page page) {
        seat.reading = false;
        if (seat.state() != Seat.State.REPLAYING) {
          return;
        }
        if (generation == seat.mirror.generation) {
          take(seat, page);
        } else {
          pull(seat);
        }
        outgoing.flush();
      }

      @Override
      public void failed(Throwable cause) {
        seat.reading = false;
        if (seat.state() == Seat.State.REPLAYING) {
          again.add(seat);
        }
      }
    });
  }

  /** A page that was read after the seat's position: held against it, then queued. */
  void take(Seat seat, Frame.Page page) {
    int order = page.base().compareTo(seat.queued);
    if (order != 0) {
      tellGap(seat, seat.queued, page.base(),
          order > 0 ? GapReason.TRIMMED : GapReason.RESTARTED);
    }
    for (var frame : page.frames()) {
      if (frame.place().after(seat.queued)) {
        seat.queued = frame.place();
        outgoing.queue(seat.listener, seat, frame);
      }
    }
    seat.proven = true;
    pull(seat);
  }

  void tellGap(Seat seat, Position after, Position until, GapReason reason) {
    var gap = new Gap(after.toString(), until.toString(), reason);
    seat.queued = until;
    outgoing.queue(seat.listener, seat, seat.mirror.encoder.gap(gap));
    world.gapTold(reason);
  }
}
