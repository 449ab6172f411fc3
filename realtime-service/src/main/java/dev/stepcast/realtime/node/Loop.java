package dev.stepcast.realtime.node;

import dev.stepcast.realtime.feed.Hub.Mail;
import dev.stepcast.realtime.frame.Frame;
import dev.stepcast.realtime.listen.Audience;
import dev.stepcast.realtime.meter.Meters;
import dev.stepcast.realtime.position.Position;
import dev.stepcast.realtime.presence.Attendance;
import dev.stepcast.schemas.RealtimeEvent.GapReason;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** One HTTP event loop's audience and connections. */
public final class Loop {
  private static final long TICK_MS = 500;

  private final Context context;
  private final Vertx vertx;
  private final Node node;
  private final Meters meters;
  private final Attendance attendance;
  private final InstantSource clock;
  private final Audience audience;
  private final int number;
  private final Set<Connection> connections = new LinkedHashSet<>();
  private final long ticks;
  private volatile long backlogBytes;
  private volatile int lagging;

  /** An open connection, as its loop sees it. */
  public interface Connection {
    /** Some time has passed. */
    void tick(long nowMs);

    /** Say {@code reconnect} and close; nothing new is told. */
    void dismiss(String reason);

    /** The same because this node stops; the client is asked to come back within that time. */
    void drain(Duration within);

    /** Its id, {@code con_…}. */
    String id();

    /** Whether it listens to {@code channel}. */
    boolean listensTo(String channel);

    /** Ends its listening to {@code channel}, if that can be done without closing it. */
    void unsubscribe(String channel);

    /** What operators are told of it. */
    JsonObject described();

    /** Whether a grant of {@code subject} opened it. */
    boolean belongsTo(String subject);

    /** Bytes that wait in memory for it. */
    long backlogBytes();

    /** Whether it has fallen behind. */
    boolean lags();
  }

  /** What all loops of a node share; {@code clock} as the platform has it. */
  public record Shared(Node node, Meters meters, Attendance attendance, InstantSource clock) {}

  /**
   * The loop of the present context.
   *
   * @param readsMax pages that it reads at once
   */
  public Loop(Vertx vertx, Shared shared, int readsMax) {
    this.context = vertx.getOrCreateContext();
    this.vertx = vertx;
    this.node = shared.node;
    this.meters = shared.meters;
    this.attendance = shared.attendance;
    this.clock = shared.clock;
    this.audience = new Audience(new Outside(), readsMax);
    this.number = node.attach(context, this::mail);
    this.ticks = vertx.setPeriodic(TICK_MS, _ -> tick());
    var tag = String.valueOf(number);
    meters.watch("realtime_connections", connections::size, "loop", tag);
    meters.watch("realtime_lagging", () -> lagging, "loop", tag);
    meters.watch("realtime_backlog_bytes", () -> backlogBytes, "loop", tag);
  }

  /** Who listens here. */
  public Audience audience() {
    return audience;
  }

  /** Whether the keys of {@code channel} were found a moment ago to be somebody else's. */
  public boolean unreadable(String channel) {
    return node.unreadable(channel);
  }

  /** Where everything of this loop runs. */
  public Context context() {
    return context;
  }

  /** The time, as places in histories have it. */
  public Instant now() {
    return clock.instant();
  }

  /** The same in ms since the epoch. */
  public long nowMs() {
    return clock.millis();
  }

  /** What is counted. */
  public Meters meters() {
    return meters;
  }

  /** Who is here, told to all nodes. */
  public Attendance attendance() {
    return attendance;
  }

  /** Runs {@code action} later on this loop; the returned timer can be cancelled. */
  public long later(long ms, Runnable action) {
    return vertx.setTimer(Math.max(1, ms), _ -> action.run());
  }

  /** Calls a timer off. */
  public void cancel(long timer) {
    vertx.cancelTimer(timer);
  }

  /** A connection is open. */
  public void add(Connection connection) {
    connections.add(connection);
  }

  /** A connection is closed. */
  public void remove(Connection connection) {
    connections.remove(connection);
  }

  /** The open connections. */
  public List<Connection> connections() {
    return List.copyOf(connections);
  }

  /** How many connections are open; from any thread. */
  public int size() {
    return connections.size();
  }

  /** How many have fallen behind; from any thread. */
  public int lagging() {
    return lagging;
  }

  /** Bytes that wait in memory for slow readers; from any thread. */
  public long backlogBytes() {
    return backlogBytes;
  }

  /** Ends the ticking. */
  public void close() {
    vertx.cancelTimer(ticks);
  }

  /** Of a turn's events the first has waited longest: one look at the clock tells how long. */
  private void mail(List<Mail> mails) {
    audience.mail(mails);
    for (var mail : mails) {
      if (mail instanceof Mail.Event event) {
        meters.latency(event.frame().place().ms(), nowMs());
        return;
      }
    }
  }

  private void tick() {
    long now = nowMs();
    audience.tick(System.nanoTime() / 1_000_000);
    long bytes = 0;
    int behind = 0;
    for (var connection : List.copyOf(connections)) {
      connection.tick(now);
      bytes += connection.backlogBytes();
      behind += connection.lags() ? 1 : 0;
    }
    backlogBytes = bytes;
    lagging = behind;
  }

  /** What the audience asks for. */
  private final class Outside implements Audience.World {
    @Override
    public void join(String channel, int join) {
      node.join(channel, number, join);
    }

    @Override
    public void leave(String channel, int join) {
      node.leave(channel, number, join);
    }

    @Override
    public void read(String channel, Position after, Audience.Reading then) {
      node.read(channel, after).map(page -> new Frame.Encoder(channel).page(page))
          .onComplete(answer -> context.runOnContext(_ -> {
            if (answer.succeeded()) {
              then.page(answer.result());
            } else {
              then.failed(answer.cause());
            }
          }));
    }

    @Override
    public void gapTold(GapReason reason) {
      meters.gapTold(reason);
    }
  }
}
