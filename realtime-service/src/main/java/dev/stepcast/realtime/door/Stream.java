package dev.stepcast.realtime.door;

import dev.stepcast.realtime.frame.Frame;
import dev.stepcast.realtime.gate.Gate;
import dev.stepcast.realtime.listen.Audience;
import dev.stepcast.realtime.listen.Listener;
import dev.stepcast.realtime.node.Loop;
import dev.stepcast.schemas.ConnectionTransport;
import dev.stepcast.schemas.ServerFrame;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One open connection of either transport: what it is sent, when it is pinged, when it ends. */
final class Stream implements Listener.Outlet, Loop.Connection {
  private static final Logger log = LoggerFactory.getLogger(Stream.class);
  private static final long END_WITHIN_MS = 2_000;
  private static final long SLOW_DOWN_MS = 5_000;
  private static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");
  private final Wire wire;
  private final Loop loop;
  private final Lifetime lifetime;
  private final Listener listener;
  private @Nullable Pipe pipe;
  private final long number = ConnectionId.next();
  private final long sinceMs;
  /** Channel to who is there through this connection, where presence is kept. */
  private Map<String, String> attended = Map.of();
  private Runnable whenGone = () -> {};
  private long checkAtMs = Long.MAX_VALUE;
  private boolean closing;
  private boolean gone;

  /** What differs between the transports. */
  interface Wire {
    /** How frames look on the wire. */
    Gather gather();

    /** Whether events tell all positions (SSE), or only their own id. */
    boolean tellsPositions();

    /** Ends the connection in good order, behind everything that was written. */
    void end(Goodbye why);

    /** Some of the rights have run out: what can no longer be listened to must go. */
    void rightsEnded(Instant now);

    /** The right of {@code subject}, or of everybody ({@code *}), to a channel has ended. */
    void revoked(String channel, String subject);

    /** A revocation may have been missed. */
    void resynced(String channel);

    /** Whether it carries a grant of {@code subject}. */
    boolean belongsTo(String subject);

    /** Who it is: the subject of its first grant, empty for none. */
    String subject();

    /** An operator ends its listening to {@code channel}. */
    void unsubscribed(String channel);
  }

  Stream(Wire wire, Loop loop, RealtimeRoutes.Terms terms) {
    this.wire = wire;
    this.loop = loop;
    this.sinceMs = loop.nowMs();
    this.lifetime = new Lifetime(terms, sinceMs);
    this.listener = new Listener(this, terms.backlogBytes());
  }

  @Override
  public String id() {
    return ConnectionId.of(number);
  }

  /** Counts for {@code address} until it is gone. */
  void enter(Gate gate, String address) {
    gate.enter(address);
    whenGone = () -> gate.leave(address);
  }

  /** {@code subject} is on {@code channel} through this, where that is kept. */
  void attend(String channel, String subject) {
    if (!gone && loop.attendance().kept(channel) && !attended.containsKey(channel)) {
      attended = attended.isEmpty() ? new HashMap<>(2) : attended;
      var who = subject.isEmpty() ? id() : subject;
      attended.put(channel, who);
      loop.attendance().arrive(channel, who);
    }
  }

  /** Listens to {@code channel} no longer. */
  void leave(String channel) {
    audience().leave(listener, channel);
    var who = attended.isEmpty() ? null : attended.remove(channel);
    if (who != null) {
      loop.attendance().depart(channel, who);
    }
  }

  Listener listener() {
    return listener;
  }

  Audience audience() {
    return loop.audience();
  }

  /** From now on bytes can be written. */
  void open(Pipe through) {
    pipe = through;
  }

  boolean isOpen() {
    return pipe != null && !closing && !gone;
  }

  boolean isGone() {
    return gone;
  }

  /** Calls {@link Wire#rightsEnded} at {@code instant}. */
  void checkRightsAt(Instant instant) {
    checkAtMs = instant.isAfter(NEVER) ? Long.MAX_VALUE
        : Math.max(0, instant.getEpochSecond() * 1_000);
  }

  /** The client took bytes: more can be written. */
  void drained() {
    if (!gone) {
      audience().writable(listener);
    }
  }

  /** Sends something beside the channels' histories. */
  void tell(ServerFrame frame) {
    if (isOpen()) {
      audience().tell(listener, Frame.system(frame, false));
    }
  }

  /** Something broke on our side: the client may come back, the log has the cause. */
  void fault(Throwable cause) {
    log.atError().addKeyValue("connection", id()).setCause(cause).log("connection.failed");
    loop.meters().closed("fault");
    end(Goodbye.LATER);
  }

  /** The client, or we, closed it: nothing is told any more. */
  void gone() {
    if (!gone) {
      gone = true;
      loop.remove(this);
      audience().gone(listener);
      whenGone.run();
      attended.forEach(loop.attendance()::depart);
      attended = Map.of();
    }
  }

  /** Ends it; where the client is to come back, after saying {@code reconnect}. */
  void end(Goodbye why) {
    end(why, why == Goodbye.LATER ? SLOW_DOWN_MS / 2 + upTo(SLOW_DOWN_MS / 2) : 0);
  }

  private void end(Goodbye why, long delayMs) {
    if (closing || gone) {
      return;
    }
    closing = true;
    var through = pipe;
    if (through != null) {
      if (why == Goodbye.COME_BACK || why == Goodbye.LATER) {
        var frame = new ServerFrame.Reconnect(listener.resumeMs(loop.nowMs()),
            delayMs == 0 ? null : delayMs);
        audience().dismiss(listener, Frame.system(frame, true));
      }
      through.leave();
    }
    pipe = null; // what is written from now on would stand behind the last words
    wire.end(why);
    loop.later(END_WITHIN_MS, () -> {
      if (!gone && through != null) {
        through.cut();
      }
    });
  }

  @Override
  public long backlogBytes() {
    return listener.backlogBytes();
  }

  @Override
  public boolean lags() {
    return listener.lags();
  }

  @Override
  public void dismiss(String reason) {
    loop.meters().closed(reason);
    end(Goodbye.COME_BACK);
  }

  @Override
  public void drain(Duration within) {
    loop.meters().closed("drain");
    end(Goodbye.COME_BACK, 1 + upTo(within.toMillis()));
  }

  private static long upTo(long ms) {
    return ThreadLocalRandom.current().nextLong(Math.max(1, ms));
  }

  @Override
  public boolean listensTo(String channel) {
    return !closing && listener.listensTo(channel);
  }

  @Override
  public void unsubscribe(String channel) {
    wire.unsubscribed(channel);
  }

  @Override
  public JsonObject described() {
    var subject = wire.subject();
    return new JsonObject().put("id", id())
        .put("transport", (tellsPositions() ? ConnectionTransport.SSE
            : ConnectionTransport.WEBSOCKET).name())
        .put("subject", subject.isEmpty() ? null : subject).put("sinceAt", sinceMs)
        .put("channels", listener.seated()).put("backlogBytes", backlogBytes())
        .put("lagging", lags());
  }

  @Override
  public boolean belongsTo(String subject) {
    return !closing && wire.belongsTo(subject);
  }

  @Override
  public void tick(long nowMs) {
    var through = pipe;
    if (closing || through == null) {
      return;
    }
    switch (lifetime.at(nowMs, through.full(), through.moved())) {
      case PING -> tell(new ServerFrame.Ping(nowMs));
      case LEAVE -> dismiss("max-life");
      case STALLED -> {
        loop.meters().closed("stalled");
        closing = true;
        through.cut();
      }
      case NOTHING -> {
        // goes on
      }
    }
    if (nowMs >= checkAtMs && !closing) {
      checkAtMs = Long.MAX_VALUE;
      wire.rightsEnded(Instant.ofEpochMilli(nowMs));
    }
  }

  @Override
  public void revoked(String channel, String subject) {
    wire.revoked(channel, subject);
  }

  @Override
  public void resynced(String channel) {
    wire.resynced(channel);
  }

  @Override
  public boolean full() {
    return pipe == null || pipe.full();
  }

  @Override
  public boolean tellsPositions() {
    return wire.tellsPositions();
  }

  @Override
  public void write(List<Frame> frames, @Nullable List<@Nullable String> marks) {
    if (!gone && pipe != null) {
      loop.meters().wrote(frames.size());
      pipe.write(wire.gather().bytes(frames, marks));
    }
  }
}
