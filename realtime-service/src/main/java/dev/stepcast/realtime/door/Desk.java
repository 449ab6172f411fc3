package dev.stepcast.realtime.door;

import dev.stepcast.platform.problem.Problem;
import dev.stepcast.platform.revocation.Revocations;
import dev.stepcast.realtime.door.Access.Rights;
import dev.stepcast.realtime.listen.Audience.Boarded;
import dev.stepcast.realtime.listen.Audience.Boarding;
import dev.stepcast.realtime.node.Loop;
import dev.stepcast.realtime.position.Ack;
import dev.stepcast.schemas.ClientFrame;
import dev.stepcast.schemas.ServerFrame;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Where one WebSocket client's frames are answered. */
final class Desk {
  static final int CHANNELS_MAX = 200;

  private static final long BOARD_WITHIN_MS = 5_000;
  private static final Problem REVOKED = Problem.of(403, "grant-revoked", "No longer allowed",
      "The right to this channel was taken away.");

  private final Stream stream;
  private final Loop loop;
  private final Errands errands;
  private final Outside outside;
  private final FrameLimit limit = new FrameLimit();
  private @Nullable Rights rights;
  /** Of which channels the URL asked who is there, until they are listened to. */
  private Set<String> watched = Set.of();
  private boolean asked;

  /** What the desk asks for. */
  interface Outside {
    /** {@code before}, and what {@code token} grants if it is valid. */
    Future<Rights> granted(Rights before, String token);

    /** {@code before} without what has been revoked on {@code channels}. */
    Future<Rights> checked(Rights before, List<String> channels);
  }

  Desk(Stream stream, Loop loop, Errands errands, Outside outside) {
    this.stream = stream;
    this.loop = loop;
    this.errands = errands;
    this.outside = outside;
  }

  /** What the URL asked for. Where all of it is denied, the connection is of no use. */
  void open(Ask ask, Rights carried) {
    rights = carried;
    if (ask.channels().isEmpty()) {
      return;
    }
    asked = true;
    var now = loop.now();
    if (ask.channels().stream().noneMatch(channel -> carried.listen(channel, now))) {
      deny(ask.channels(), carried.problem(), null);
      stream.end(carried.grants().isEmpty() ? Goodbye.NO_GRANT : Goodbye.DENIED);
      return;
    }
    watched = ask.watched();
    subscribe(carried, ask.wishes(null, now.toEpochMilli(), 0), null);
  }

  /** Whether the client has asked for anything yet. */
  boolean wasAsked() {
    return asked;
  }

  /** One frame of the client's. */
  void read(String text) {
    asked = true;
    var type = Frames.type(text);
    if (type == null) {
      stream.end(Goodbye.BAD_FRAME);
      return;
    }
    if (!limit.allows(System.nanoTime())) {
      stream.end(Goodbye.LATER);
      return;
    }
    try {
      var frame = errands.read(type, text);
      if (limit.allowsChannels(System.nanoTime(), channels(frame))) {
        answer(frame);
      } else {
        stream.end(Goodbye.LATER);
      }
    } catch (RuntimeException e) {
      errands.refuse(e, null);
    }
  }

  String subject() {
    var now = rights;
    return now == null ? "" : now.subject();
  }

  boolean belongsTo(String subject) {
    var now = rights;
    return now != null && now.carries(subject);
  }

  /** Leaves what can no longer be listened to. */
  void rightsEnded(Instant now) {
    var left = rights;
    if (left == null) {
      return;
    }
    var ended = stream.listener().channels().stream()
        .filter(channel -> !left.listen(channel, now)).toList();
    ended.forEach(stream::leave);
    if (!ended.isEmpty()) {
      deny(ended, Problem.of(401, "grant-expired", "The grant has expired",
          "Subscribe again with a new grant."), null);
    }
    stream.checkRightsAt(left.until(stream.listener().channels()));
  }

  /** Somebody's right to a channel has ended; {@code *}: everybody must prove theirs again. */
  void revoked(String channel, String subject) {
    if (subject.equals(Revocations.EVERYBODY)) {
      // Behind this turn's writes: what was told before is heard before.
      loop.context().runOnContext(_ -> giveUp(List.of(channel), REVOKED, null));
      return;
    }
    var before = rights;
    if (before != null) {
      rights = before.without(channel, Set.of(subject));
      judge(channel, rights);
    }
  }

  /** A revocation may have been missed. */
  void resynced(String channel) {
    var before = rights;
    if (before != null && before.byGrant(channel)) {
      outside.checked(before, List.of(channel)).onSuccess(left -> {
        rights = left;
        judge(channel, left);
      });
    }
  }

  private void judge(String channel, Rights left) {
    var now = loop.now();
    if (!left.listen(channel, now)) {
      giveUp(List.of(channel), REVOKED, null);
    } else if (!left.see(channel, now)) {
      stream.audience().watch(stream.listener(), channel, false);
    }
  }

  private static int channels(ClientFrame frame) {
    return switch (frame) {
      case ClientFrame.Subscribe subscribe -> subscribe.channels().size();
      case ClientFrame.Unsubscribe unsubscribe -> unsubscribe.channels().size();
      case ClientFrame.Publish _,ClientFrame.Presence _,ClientFrame.Ping() -> 0;
    };
  }

  private void answer(ClientFrame frame) {
    switch (frame) {
      case ClientFrame.Subscribe subscribe -> subscribe(subscribe);
      case ClientFrame.Unsubscribe unsubscribe -> {
        unsubscribe.channels().forEach(stream::leave);
        stream.tell(new ServerFrame.Unsubscribed(unsubscribe.channels(), null,
            unsubscribe.ref()));
      }
      case ClientFrame.Publish publish -> errands.publish(publish, rights, loop.now());
      case ClientFrame.Presence presence -> errands.presence(presence, rights);
      case ClientFrame.Ping() -> stream.tell(new ServerFrame.Ping(loop.nowMs()));
    }
  }

  private void subscribe(ClientFrame.Subscribe frame) {
    var before = rights;
    if (before == null) {
      return;
    }
    var token = frame.grant();
    var after = token == null ? Future.succeededFuture(before)
        : outside.granted(before, token);
    after.onSuccess(now -> {
      rights = now;
      subscribe(now, Frames.wishes(frame, loop.nowMs()), frame.ref());
    });
  }

  private void subscribe(Rights now, SequencedMap<String, Ack> wishes, @Nullable String ref) {
    if (!stream.isOpen()) {
      return;
    }
    var instant = loop.now();
    var denied = wishes.keySet().stream().filter(channel -> !now.listen(channel, instant)).toList();
    if (!denied.isEmpty()) {
      deny(denied, now.problem(), ref);
      denied.forEach(wishes::remove);
    }
    var foreign = wishes.keySet().stream().filter(loop::unreadable).toList();
    if (!foreign.isEmpty()) {
      deny(foreign, Problem.wrongType(), ref);
      foreign.forEach(wishes::remove);
    }
    stream.listener().channels().forEach(wishes::remove);
    if (stream.listener().seated() + wishes.size() > CHANNELS_MAX) {
      errands.refuse(new Problem(400, "too-many-channels", "Too many channels",
          "One connection takes " + CHANNELS_MAX + " channels.",
          Map.of("channelsMax", CHANNELS_MAX)).refusal(), ref);
    } else if (!wishes.isEmpty()) {
      board(wishes, ref);
      stream.checkRightsAt(now.until(stream.listener().channels()));
    }
  }

  private void board(SequencedMap<String, Ack> wishes, @Nullable String ref) {
    var channels = List.copyOf(wishes.keySet());
    var over = new boolean[1];
    long timer = loop.later(BOARD_WITHIN_MS, () -> {
      if (!over[0]) {
        over[0] = true;
        boolean foreign = channels.stream().anyMatch(loop::unreadable);
        failed(channels, foreign ? Problem.wrongType().refusal() : new TimeoutException(), ref);
      }
    });
    stream.audience().board(stream.listener(), wishes, new Boarded() {
      @Override
      public void boarded(Boarding boarding) {
        if (!over[0]) {
          over[0] = true;
          loop.cancel(timer);
          admit(boarding, channels, ref);
        }
      }

      @Override
      public void failed(Throwable cause) {
        if (!over[0]) {
          over[0] = true;
          loop.cancel(timer);
          Desk.this.failed(channels, cause, ref);
        }
      }
    });
  }

  /** Only now, when nothing is missed any more, is it certain who has been put out. */
  private void admit(Boarding boarding, List<String> channels, @Nullable String ref) {
    var before = rights;
    if (before == null || !stream.isOpen()) {
      return;
    }
    outside.checked(before, channels)
        .onFailure(cause -> failed(channels, cause, ref))
        .onSuccess(left -> {
          rights = left;
          var now = loop.now();
          var out = channels.stream().filter(channel -> !left.listen(channel, now)).toList();
          if (!out.isEmpty()) {
            giveUp(out, left.problem(), ref);
          }
          stream.audience().begin(boarding);
          channels.stream().filter(channel -> left.listen(channel, now)).forEach(channel -> {
            stream.attend(channel, left.who(channel));
            if (watched.contains(channel)) {
              errands.presence(new ClientFrame.Presence(channel, null), left);
            }
          });
        });
  }

  private void failed(List<String> channels, Throwable cause, @Nullable String ref) {
    Problem.in(cause).filter(problem -> problem.status() < 500).ifPresentOrElse(
        problem -> giveUp(channels, problem, ref), () -> comeBackLater(channels));
  }

  /** Redis is away: to be denied would be for good, so the whole connection comes back instead. */
  private void comeBackLater(List<String> channels) {
    channels.forEach(stream::leave);
    loop.meters().closed("unavailable");
    stream.end(Goodbye.LATER);
  }

  private void giveUp(List<String> channels, Problem problem, @Nullable String ref) {
    channels.forEach(stream::leave);
    deny(channels, problem, ref);
  }

  private void deny(List<String> channels, Problem problem, @Nullable String ref) {
    stream.tell(new ServerFrame.Denied(channels, Frames.body(problem), ref));
  }
}
