package dev.stepcast.realtime.listen;

import dev.stepcast.realtime.feed.Hub.Mail;
import dev.stepcast.realtime.frame.Frame;
import dev.stepcast.realtime.frame.Ring;
import dev.stepcast.realtime.position.Ack;
import dev.stepcast.realtime.position.Position;
import dev.stepcast.schemas.RealtimeEvent.GapReason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Everybody who listens on one event loop. To each connection it tells every event of its channels
 * after its position, once and in order: from the history until it has caught up with the loop's
 * mirror of the channel, then from the hub's mail. Where events are gone for good it tells a gap.
 */
public final class Audience {
  private final World world;
  private final Reads reads;
  private final Map<String, Mirror> mirrors = new HashMap<>();
  private final Outgoing outgoing = new Outgoing();
  private final Replay replay;
  private int joins;

  /** What an audience asks for. */
  public interface World {
    /** Tell the hub that this loop wants the channel; mail with that number follows. */
    void join(String channel, int number);

    /** Tell the hub that this loop no longer wants it. */
    void leave(String channel, int number);

    /** Read a page of what follows {@code after}; the answer comes later, on this loop. */
    void read(String channel, Position after, Reading then);

    /** Gaps are told here; for the metrics. */
    void gapTold(GapReason reason);
  }

  /** How a read ends. */
  public interface Reading {
    /** With a page. */
    void page(Frame.Page page);

    /** Without one. */
    void failed(Throwable cause);
  }

  /** Seats that are being taken. */
  public interface Boarding {
    /** Gives up; nothing is called any more. The seats are the caller's to leave. */
    void cancel();
  }

  /** How taking seats ends. */
  public interface Boarded {
    /** Every position is known: the client can be answered, then {@link Audience#begin} called. */
    void boarded(Boarding boarding);

    /** Redis could not be asked. */
    void failed(Throwable cause);
  }

  /**
   * An audience without listeners.
   *
   * @param readsMax pages that are read at once
   */
  public Audience(World world, int readsMax) {
    this.world = world;
    this.reads = new Reads(world, readsMax);
    this.replay = new Replay(world, reads, outgoing);
    outgoing.whenRoom(replay::pull);
  }

  /** Takes seats for channels that {@code listener} does not listen to yet. */
  public Boarding board(Listener listener, SequencedMap<String, Ack> wishes, Boarded then) {
    var party = new Party(reads, then);
    wishes.forEach((channel, ack) -> {
      var seat = new Seat(listener, mirror(channel), ack);
      seat.mirror.add(seat);
      seat.party = party;
      listener.seats().add(seat);
      party.add(seat);
    });
    for (var seat : List.copyOf(party.seats())) {
      if (seat.mirror.ready) {
        party.resolve(seat);
      }
    }
    return party;
  }

  /** Tells {@code connected} for each channel, then what happened on it since. */
  public void begin(Boarding boarding) {
    var seats = ((Party) boarding).seats();
    for (var seat : seats) {
      if (seat.state() == Seat.State.BOARDING) {
        seat.become(Seat.State.REPLAYING);
        outgoing.queue(seat.listener, seat, seat.mirror.encoder.connected(seat.start));
      }
    }
    for (var seat : seats) {
      var loaded = seat.loaded;
      seat.loaded = null;
      seat.party = null;
      if (seat.state() == Seat.State.REPLAYING && loaded != null
          && loaded.generation() == seat.mirror.generation) {
        replay.take(seat, loaded.page());
      } else {
        replay.pull(seat);
      }
    }
    outgoing.flush();
  }

  /** Stops telling {@code listener} of {@code channel}; what was queued of it is not written. */
  public void leave(Listener listener, String channel) {
    var seat = listener.seat(channel);
    if (seat != null) {
      listener.seats().remove(seat);
      release(seat);
    }
  }

  /** Whether {@code listener} is told who comes to a channel that it listens to, and who goes. */
  public void watch(Listener listener, String channel, boolean watches) {
    var seat = listener.seat(channel);
    if (seat != null) {
      seat.watches = watches;
    }
  }

  /** Forgets a connection. */
  public void gone(Listener listener) {
    listener.beginClosing();
    listener.seats().forEach(this::release);
    listener.seats().clear();
  }

  /** Sends something that belongs to no channel's history, behind what is queued. */
  public void tell(Listener listener, Frame frame) {
    if (!listener.closing()) {
      outgoing.queue(listener, null, frame);
      outgoing.flush();
    }
  }

  /** Drops what is queued, and sends {@code goodbye} as the last frame. */
  public void dismiss(Listener listener, Frame goodbye) {
    listener.beginClosing();
    outgoing.queue(listener, null, goodbye);
    outgoing.flush();
  }

  /** The client has taken bytes: more can be written. */
  public void writable(Listener listener) {
    outgoing.soil(listener);
    outgoing.flush();
  }

  /** Mail from the hub, in order. */
  public void mail(List<Mail> mails) {
    for (var mail : mails) {
      var mirror = mirrors.get(mail.channel());
      if (mirror != null && mirror.join == mail.join()) {
        read(mirror, mail);
      }
    }
    outgoing.flush();
  }

  /** Tries again what could not be read, and forgets old events; now and then. */
  public void tick(long nowMs) {
    replay.retry();
    mirrors.values().forEach(mirror -> mirror.ring.age(nowMs));
    outgoing.flush();
  }

  /** How many listen to {@code channel} here. */
  public int listeners(String channel) {
    return mirrors.containsKey(channel) ? mirrors.get(channel).seats.size() : 0;
  }

  /** How many channels this loop follows. */
  public int channels() {
    return mirrors.size();
  }

  private Mirror mirror(String channel) {
    return mirrors.computeIfAbsent(channel, name -> {
      var fresh = new Mirror(name, ++joins);
      world.join(name, fresh.join);
      return fresh;
    });
  }

  private void release(Seat seat) {
    seat.become(Seat.State.GONE);
    seat.mirror.remove(seat);
    if (seat.mirror.seats.isEmpty()) {
      mirrors.remove(seat.mirror.channel);
      world.leave(seat.mirror.channel, seat.mirror.join);
    }
  }

  private void read(Mirror mirror, Mail mail) {
    switch (mail) {
      case Mail.Snapshot snapshot -> snapshot(mirror, snapshot);
      case Mail.Event event -> event(mirror, event.frame());
      case Mail.Gap gap -> gap(mirror, gap);
      case Mail.Reset reset -> reset(mirror, reset);
      case Mail.Resync resync -> resync(mirror, resync);
      case Mail.Whisper whisper -> whisper(mirror, whisper);
      case Mail.Revoked revoked -> List.copyOf(mirror.seats).forEach(
          seat -> seat.listener.outlet().revoked(mirror.channel, revoked.subject()));
    }
  }

  private void snapshot(Mirror mirror, Mail.Snapshot snapshot) {
    mirror.ring = new Ring(snapshot.floor(), snapshot.ring());
    mirror.generation = snapshot.generation();
    mirror.ready = true;
    for (var seat : List.copyOf(mirror.seats)) {
      if (seat.party != null && seat.state() == Seat.State.BOARDING) {
        seat.party.resolve(seat);
      }
    }
  }

  private void event(Mirror mirror, Frame frame) {
    mirror.ring.add(frame);
    var id = frame.place();
    for (var seat : mirror.seats) {
      if (seat.state() == Seat.State.LIVE && id.after(seat.queued)) {
        if (seat.listener.full()) {
          seat.become(Seat.State.REPLAYING);
        } else {
          seat.queued = id;
          outgoing.queue(seat.listener, seat, frame);
        }
      }
    }
  }

  private void gap(Mirror mirror, Mail.Gap gap) {
    mirror.ring.restart(gap.until());
    for (var seat : mirror.seats) {
      if (seat.state() == Seat.State.LIVE && gap.until().after(seat.queued)) {
        var after = seat.queued.after(gap.after()) ? seat.queued : gap.after();
        replay.tellGap(seat, after, gap.until(), GapReason.TRIMMED);
      }
    }
  }

  private void reset(Mirror mirror, Mail.Reset reset) {
    mirror.ring.restart(reset.to());
    mirror.generation = reset.generation();
    for (var seat : List.copyOf(mirror.seats)) {
      if (seat.state() == Seat.State.LIVE && seat.queued.equals(reset.from())) {
        seat.proven = false;
        replay.tellGap(seat, seat.queued, reset.to(), GapReason.RESTARTED);
      } else {
        doubt(seat);
      }
    }
  }

  /** Who is too slow for it does without: it would be stale by then. */
  private void whisper(Mirror mirror, Mail.Whisper whisper) {
    for (var seat : mirror.seats) {
      if (seat.state() != Seat.State.BOARDING && !seat.listener.full()
          && (seat.watches || !whisper.presence())) {
        outgoing.queue(seat.listener, seat, whisper.frame());
      }
    }
  }

  private void resync(Mirror mirror, Mail.Resync resync) {
    mirror.generation = resync.generation();
    List.copyOf(mirror.seats).forEach(seat -> seat.listener.outlet().resynced(mirror.channel));
    for (var seat : List.copyOf(mirror.seats)) {
      if (seat.state() == Seat.State.LIVE && seat.queued.equals(mirror.ring.last())) {
        seat.proven = false;
      } else {
        doubt(seat);
      }
    }
  }

  private void doubt(Seat seat) {
    seat.proven = false;
    if (seat.state() == Seat.State.LIVE) {
      seat.become(Seat.State.REPLAYING);
    }
    replay.pull(seat);
  }
}
