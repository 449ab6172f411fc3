package dev.stepcast.runs.schedule;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.problem.Problem;
import dev.stepcast.platform.redis.RedisLink.Unavailable;
import dev.stepcast.runs.admission.Admission;
import dev.stepcast.runs.catalog.Catalog;
import dev.stepcast.runs.endpoint.EndpointRuns;
import dev.stepcast.runs.group.UrlGroups;
import dev.stepcast.runs.schedule.ScheduleBook.Turn;
import dev.stepcast.runs.schedule.Schedules.Known;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.schemas.Missed;
import dev.stepcast.schemas.Overlap;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Fires schedules when their ticks come. Any number of nodes may do it: each tick is fired once,
 * also where a node dies in between, since what it starts has the tick in its id; first it is
 * started, then the schedule moves on.
 */
public final class Clockwork {
  /** A tick later than that was missed: nobody was there to fire it. */
  static final Duration GRACE = Duration.ofSeconds(60);
  /** Who claims a schedule and dies leaves it to others after that. */
  static final Duration CLAIM = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(Clockwork.class);
  private static final long POLL_MS = 1_000;
  private static final int MOST = 100;

  private final Vertx vertx;
  private final ScheduleBook book;
  private final Firing firing;
  private final Supplier<Future<Optional<Problem>>> refusal;
  private volatile boolean stopped;

  /** Fires what is in {@code book}; nothing while {@code refusal} answers one. */
  Clockwork(Vertx vertx, ScheduleBook book, Firing firing,
      Supplier<Future<Optional<Problem>>> refusal) {
    this.vertx = vertx;
    this.refusal = refusal;
    this.book = book;
    this.firing = firing;
  }

  /**
   * Fires the schedules of {@code platform}'s Redis where {@code admission} lets new work in;
   * {@code events} as endpoint runs have it.
   */
  public static Clockwork of(Platform platform, boolean events, Admission admission) {
    var redis = platform.redis();
    var keys = platform.keys();
    return new Clockwork(platform.vertx(), new RedisScheduleBook(redis, keys),
        new Starts(redis, keys, RunStore.redis(redis, keys, RunStore.KEPT),
            new Catalog(redis, keys, platform.clock()),
            new EndpointRuns(redis, keys, events, RunStore.KEPT),
            new UrlGroups(redis, keys, platform.clock())),
        admission::ask);
  }

  /** Begins. */
  public void start() {
    vertx.getOrCreateContext().runOnContext(_ -> go());
  }

  /** Ends after what is being fired. */
  public void stop() {
    stopped = true;
  }

  private void go() {
    if (!stopped) {
      look().otherwise(cause -> {
        log.atDebug().addKeyValue("error", String.valueOf(cause.getMessage()))
            .log("schedules.look-failed");
        return POLL_MS;
      }).onSuccess(wait -> vertx.setTimer(Math.clamp(wait, 1, POLL_MS), _ -> go()));
    }
  }

  /** Fires what is due. @return when to look again, in ms */
  Future<Long> look() {
    return book.due(MOST, CLAIM).compose(due -> due.schedules().isEmpty() ? fire(due)
        : refusal.get().compose(no -> no.isPresent() ? postpone(due, no.get()) : fire(due)));
  }

  /** They are looked at again when their claims end; what is late by then was missed. */
  private static Future<Long> postpone(ScheduleBook.Due due, Problem why) {
    log.atWarn().addKeyValue("why", why.kind()).addKeyValue("schedules", due.schedules().size())
        .log("schedules.postponed");
    return Future.succeededFuture(POLL_MS);
  }

  private Future<Long> fire(ScheduleBook.Due due) {
    Future<?> all = Future.succeededFuture();
    for (var known : due.schedules()) {
      all = all.compose(_ -> one(known, due.now()).recover(cause -> {
        log.atLevel(cause instanceof Unavailable ? Level.DEBUG : Level.WARN)
            .addKeyValue("schedule", known.plan().id())
            .addKeyValue("error", String.valueOf(cause.getMessage())).log("schedule.fire-failed");
        return Future.succeededFuture(false); // after the claim it is tried again
      }));
    }
    return all.map(due.schedules().size() == MOST ? 1L
        : due.nextDue() < 0 ? POLL_MS : Long.valueOf(due.nextDue() - due.now()));
  }

  private Future<Boolean> one(Known known, long now) {
    var tick = choose(known, now);
    boolean alone = known.plan().overlap() == Overlap.ALLOW || known.run() == null;
    return (alone ? Future.succeededFuture(false) : firing.live(String.valueOf(known.run())))
        .compose(busy -> {
          var buffered = known.buffered();
          if (buffered != null && !busy) {
            return fire(known, buffered, known.next());
          }
          if (tick.fire().isEmpty()) {
            return book.turn(new Turn(known, tick.next(), null, null, 0, buffered));
          }
          if (!busy) {
            return fire(known, tick.fire().getAsLong(), tick.next());
          }
          boolean kept = known.plan().overlap() == Overlap.BUFFER && buffered == null;
          return book.turn(new Turn(known, tick.next(), null, null, kept ? 0 : 1,
              kept ? Long.valueOf(tick.fire().getAsLong()) : buffered));
        });
  }

  private Future<Boolean> fire(Known known, long tick, @Nullable Long next) {
    return firing.fire(known.plan(), tick)
        .compose(run -> book.turn(new Turn(known, next, tick, run, 0, null)));
  }

  /** Which tick is fired now, if any, and which one comes after it. */
  record Tick(OptionalLong fire, @Nullable Long next) {}

  /** Decides from what is stored and the time alone. */
  static Tick choose(Known known, long now) {
    var due = known.next();
    if (due == null || due > now) {
      return new Tick(OptionalLong.empty(), due);
    }
    var ticks = Ticks.of(known.plan().cron(), known.plan().zone());
    var missed = known.plan().missed();
    if (now - due <= GRACE.toMillis() || missed == Missed.ALL) {
      return new Tick(OptionalLong.of(due), boxed(ticks.after(due)));
    }
    if (missed == Missed.NONE) {
      return new Tick(OptionalLong.empty(), boxed(ticks.after(now - GRACE.toMillis())));
    }
    long latest = Math.max(due, ticks.lastUntil(now).orElse(due));
    return new Tick(OptionalLong.of(latest), boxed(ticks.after(latest)));
  }

  private static @Nullable Long boxed(OptionalLong ms) {
    return ms.isPresent() ? Long.valueOf(ms.getAsLong()) : null;
  }
}
