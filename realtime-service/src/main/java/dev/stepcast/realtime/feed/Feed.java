package dev.stepcast.realtime.feed;

import dev.stepcast.platform.channel.ChannelLog;
import dev.stepcast.realtime.feed.Hub.Cause;
import dev.stepcast.realtime.feed.Hub.Mail;
import dev.stepcast.realtime.feed.Hub.Message;
import dev.stepcast.realtime.feed.Hub.World;
import dev.stepcast.realtime.frame.Frame;
import dev.stepcast.realtime.frame.Ring;
import dev.stepcast.realtime.position.Position;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One channel as this node hears it. Messages are accepted only in a chain, each naming the one
 * before it; where the chain breaks, the history is read from the last link on.
 */
final class Feed {
  /** More messages than this during one read are forgotten, and read again instead. */
  private static final int PENDING_MAX = 4_096;

  private final String channel;
  private final World world;
  private final Frame.Encoder encoder;
  private final Targets targets;
  private final List<Message> pending = new ArrayList<>(0);
  private State state = State.UNSUBSCRIBED;
  private @Nullable Ring ring;
  private long generation;
  private long tokens;
  private long awaited;
  private Cause cause = Cause.SESSION;
  private @Nullable Position trigger;
  private boolean overflown;
  private int foundBehind;

  private enum State {
    UNSUBSCRIBED, SUBSCRIBING, SYNCING, LIVE, LINGERING, UNSUBSCRIBING
  }

  Feed(String channel, World world) {
    this.channel = channel;
    this.world = world;
    this.encoder = new Frame.Encoder(channel);
    this.targets = new Targets(channel, world);
  }

  String channel() {
    return channel;
  }

  boolean isForgotten() {
    return state == State.UNSUBSCRIBED && targets.isEmpty();
  }

  void join(int loop, int number) {
    targets.add(loop, number);
    switch (state) {
      case UNSUBSCRIBED -> subscribe();
      case LIVE, LINGERING -> {
        state = State.LIVE;
        tell();
      }
      case SUBSCRIBING, SYNCING, UNSUBSCRIBING -> {
        // told once this is over
      }
    }
  }

  void leave(int loop, int number) {
    targets.remove(loop, number);
    if (targets.isEmpty() && state == State.LIVE) {
      settle();
    }
  }

  void lingered(long token) {
    if (state == State.LINGERING && token == awaited) {
      state = State.UNSUBSCRIBING;
      world.unsubscribe(channel);
    }
  }

  void subscribed() {
    switch (state) {
      case SUBSCRIBING -> sync(Cause.SESSION);
      case SYNCING, LIVE, LINGERING -> { // the slot has moved: between its owners we were deaf
        resync();
        sync(Cause.SESSION);
      }
      case UNSUBSCRIBED, UNSUBSCRIBING -> {
        // another command is out: its answer counts
      }
    }
  }

  void unsubscribed() {
    if (state == State.UNSUBSCRIBING) {
      state = State.UNSUBSCRIBED;
      if (!targets.isEmpty()) {
        subscribe();
      }
    }
  }

  void sessionEnded() {
    resync();
    if (targets.isEmpty()) {
      state = State.UNSUBSCRIBED;
      world.unsubscribe(channel);
    } else {
      subscribe();
    }
  }

  void message(Message message) {
    switch (state) {
      case SYNCING -> {
        if (pending.size() >= PENDING_MAX) {
          pending.clear();
          overflown = true;
        }
        pending.add(message);
      }
      case LIVE, LINGERING -> follow(message);
      case UNSUBSCRIBED, SUBSCRIBING, UNSUBSCRIBING -> {
        // not of this subscription; what matters is read once it stands
      }
    }
  }

  void whisper(Frame frame, boolean presence) {
    targets.mail(join -> new Mail.Whisper(channel, join, frame, presence));
  }

  void revoked(String subject) {
    targets.mail(join -> new Mail.Revoked(channel, join, subject));
  }

  void read(long token, ChannelLog.Page entries) {
    if (state != State.SYNCING || token != awaited) {
      return;
    }
    var page = encoder.page(entries);
    if (ring == null) {
      ring = new Ring(page.tail());
    } else {
      judge(ring, page);
      if (page.more()) {
        readOn(ring.last());
        return;
      }
    }
    synced(ring);
  }

  void readAgain(long token) {
    if (state == State.SYNCING && token == awaited) {
      readOn(ring == null ? null : ring.last());
    }
  }

  @Nullable
  Position auditable() {
    return ring != null && (state == State.LIVE || state == State.LINGERING) ? ring.last() : null;
  }

  void audited(Position tail, Position heard) {
    var last = auditable();
    if (last == null) {
      return;
    }
    if (!tail.after(last) && !heard.after(tail)) {
      foundBehind = 0;
      return;
    }
    if (++foundBehind >= 2) {
      foundBehind = 0;
      world.endSession();
    } else {
      sync(Cause.AUDIT);
    }
  }

  void age(long nowMs) {
    if (ring != null) {
      ring.age(nowMs);
    }
  }

  private void subscribe() {
    state = State.SUBSCRIBING;
    world.subscribe(channel);
  }

  /** What was read or heard through the session before is proof of nothing any more. */
  private void resync() {
    pending.clear();
    awaited = 0;
    foundBehind = 0;
    generation++;
    targets.mail(join -> new Mail.Resync(channel, join, generation));
  }

  private void follow(Message message) {
    var known = ring;
    if (known == null || !message.id().after(known.last())) {
      return;
    }
    if (message.prev().equals(known.last())) {
      accept(known, encoder.event(message.id(), message.event(), message.data()));
    } else {
      sync(Cause.MESSAGE);
      pending.add(message);
      trigger = message.id();
    }
  }

  private void sync(Cause why) {
    state = State.SYNCING;
    cause = why;
    trigger = null;
    overflown = false;
    pending.clear();
    readOn(ring == null ? null : ring.last());
  }

  private void readOn(@Nullable Position after) {
    awaited = ++tokens;
    world.read(channel, after, awaited);
  }

  /** Holds the page against what we have: the chain goes on, or something is gone for good. */
  private void judge(Ring known, Frame.Page page) {
    var last = known.last();
    var base = page.base();
    int order = base.compareTo(last);
    if (order > 0) {
      known.restart(base);
      targets.mail(join -> new Mail.Gap(channel, join, last, base));
    } else if (order < 0) {
      generation++;
      known.restart(base);
      targets.mail(join -> new Mail.Reset(channel, join, generation, last, base));
    }
    if (!page.frames().isEmpty()) {
      world.filled(cause);
    }
    page.frames().forEach(frame -> accept(known, frame));
  }

  private void synced(Ring known) {
    if (overflown) {
      sync(cause);
      return;
    }
    settle();
    tell();
    var heard = List.copyOf(pending);
    pending.clear();
    for (var message : heard) {
      boolean absent = message.id().equals(trigger) && message.id().after(known.last());
      if (!absent) { // a message that a later read does not find was never stored
        message(message);
      }
    }
  }

  /** Live; or, with nobody left, for a while longer in case somebody comes back. */
  private void settle() {
    if (targets.isEmpty()) {
      state = State.LINGERING;
      awaited = ++tokens;
      world.linger(channel, awaited);
    } else {
      state = State.LIVE;
    }
  }

  private void accept(Ring known, Frame frame) {
    if (frame.place().after(known.last())) {
      known.add(frame);
      targets.mail(join -> new Mail.Event(channel, join, frame));
    }
  }

  private void tell() {
    if (ring != null) {
      targets.snapshot(ring, generation);
    }
  }
}
