package dev.stepcast.runs.schedule;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.runs.delivery.Config;
import dev.stepcast.runs.delivery.Spec;
import dev.stepcast.schemas.Missed;
import dev.stepcast.schemas.Overlap;
import dev.stepcast.schemas.TriggerRequest;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to happen by the clock: runs of workflows, messages to endpoints. Every time is by the
 * clock of Redis. Futures fail only with {@code RedisLink.Unavailable}.
 */
public final class Schedules {
  /** What a zone stands before in a cron expression, as qstash and Unix have it. */
  private static final String ZONE = "CRON_TZ=";

  private final ScheduleBook book;

  /** Schedules in {@code redis}. */
  public Schedules(RedisLink redis, Keys keys) {
    this(new RedisScheduleBook(redis, keys));
  }

  Schedules(ScheduleBook book) {
    this.book = book;
  }

  /**
   * What a schedule does.
   *
   * @param id      of the caller's choice: letters, digits, and {@code _ -}
   * @param cron    five fields, or six with seconds first
   * @param zone    in which they are read
   * @param overlap what a tick does while the run of the tick before has not ended
   * @param missed  what becomes of ticks that nobody was there for
   */
  public record Plan(String id, String cron, String zone, Overlap overlap, Missed missed,
      Action action) {
    /** With a zone that stands before the expression, {@code CRON_TZ=Asia/Tokyo}, read as one. */
    public Plan {
      if (cron.startsWith(ZONE)) {
        int end = cron.indexOf(' ');
        zone = cron.substring(ZONE.length(), end < 0 ? cron.length() : end);
        cron = end < 0 ? "" : cron.substring(end + 1).strip();
      }
    }
  }

  /**
   * What happens at a tick; one of the two.
   *
   * @param trigger what a run of a workflow begins with
   * @param version it begins with where nobody announces the workflow just then
   * @param message what an endpoint gets
   */
  public record Action(@Nullable TriggerRequest trigger, @Nullable String version,
      @Nullable Message message) {
    /** A run of a workflow. */
    public static Action run(TriggerRequest trigger, String version) {
      return new Action(trigger, version, null);
    }

    /** A message, or a run of an endpoint. */
    public static Action send(Message message) {
      return new Action(null, null, message);
    }
  }

  /**
   * What an endpoint gets; see {@code EndpointRuns.Start}.
   *
   * @param body in base64
   * @param run  whether it begins a run rather than being a message of its own
   */
  public record Message(Config config, Spec spec, String body, long delayMs, boolean run) {}

  /**
   * A schedule as it stands.
   *
   * @param revision grows with every change
   * @param next     when it fires next; null for never again
   * @param last     the tick that it fired last
   * @param run      what that started: a run's id, or a message's
   * @param fired    how often it fired
   * @param skipped  ticks that came to nothing, because the one before was not over
   * @param buffered tick that waits for the one before to be over
   */
  public record Known(Plan plan, long revision, boolean paused, long createdAt,
      @Nullable Long next, @Nullable Long last, @Nullable String run, long fired, long skipped,
      @Nullable Long buffered) {}

  /** What came of a wish to keep a schedule. */
  public sealed interface Putting {
    /** It is there. */
    record Put(Known schedule) implements Putting {}

    /** It cannot be read: which of {@code cron} and {@code zone}, and why. */
    record Unreadable(String member, String complaint) implements Putting {}
  }

  /**
   * Keeps a schedule, in place of what has its id. The same again changes nothing, so a program may
   * do it each time it starts; another one counts from now on.
   *
   * @param paused null: as it was, for a new one not paused
   */
  public Future<Putting> put(Plan plan, @Nullable Boolean paused) {
    Ticks ticks;
    try {
      ticks = Ticks.of(plan.cron(), plan.zone());
    } catch (Ticks.Unreadable e) {
      return Future.succeededFuture(
          new Putting.Unreadable(e.member(), String.valueOf(e.getMessage())));
    }
    return book.now().compose(now -> {
      var first = ticks.after(now);
      return first.isEmpty()
          ? Future.succeededFuture(new Putting.Unreadable("cron", "it never fires"))
          : book.put(plan, paused, first.getAsLong()).compose(_ -> find(plan.id()))
              .map(found -> new Putting.Put(found.orElseThrow(() -> new RedisLink.Unavailable(
                  "the schedule was deleted meanwhile", null))));
    });
  }

  /** One of them. */
  public Future<Optional<Known>> find(String id) {
    return book.find(id);
  }

  /** Those after {@code cursor}, by id; null for the first. */
  public Future<List<Known>> list(@Nullable String cursor, int limit) {
    return book.list(cursor, limit);
  }

  /** Lets it fire no more until it is unpaused; false where there is no such schedule. */
  public Future<Boolean> pause(String id) {
    return book.move(id, true, 0);
  }

  /** Lets it fire again; what it missed meanwhile is not made up for. */
  public Future<Boolean> unpause(String id) {
    return book.find(id).compose(found -> found.isEmpty() ? Future.succeededFuture(false)
        : book.now().compose(now -> book.move(id, false,
            Ticks.of(found.get().plan().cron(), found.get().plan().zone()).after(now)
                .orElse(Long.MAX_VALUE >> 12))));
  }

  /** Forgets it; what it started goes on. False where there was no such schedule. */
  public Future<Boolean> delete(String id) {
    return book.delete(id);
  }
}
