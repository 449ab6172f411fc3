package dev.stepcast.runs.schedule;

import dev.stepcast.runs.schedule.Schedules.Known;
import dev.stepcast.runs.schedule.Schedules.Plan;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where schedules are. Every call is atomic, and all times are the store's own. */
interface ScheduleBook {
  /** Schedules that are due. {@code nextDue} is when to look again, ms; -1 where nothing is. */
  record Due(long now, long nextDue, List<Known> schedules) {}

  /**
   * What became of a due schedule.
   *
   * @param from     as it was; the turn counts only if it has not changed since
   * @param next     when it fires next; null for never again
   * @param fired    the tick that it fired; null for none
   * @param run      what that started
   * @param skipped  ticks more that came to nothing
   * @param buffered tick that waits for the one before to be over; looked at every second
   */
  record Turn(Known from, @Nullable Long next, @Nullable Long fired, @Nullable String run,
      int skipped, @Nullable Long buffered) {}

  /** The store's clock, ms since the epoch. */
  Future<Long> now();

  /** Keeps a schedule; a different one than before fires first at {@code firstMs}. */
  Future<Void> put(Plan plan, @Nullable Boolean paused, long firstMs);

  /** One of them. */
  Future<Optional<Known>> find(String id);

  /** Those after {@code cursor}, by id. */
  Future<List<Known>> list(@Nullable String cursor, int limit);

  /** Pauses or unpauses; {@code nextMs} is when an unpaused one fires. False: there is none. */
  Future<Boolean> move(String id, boolean paused, long nextMs);

  /** Forgets one. */
  Future<Boolean> delete(String id);

  /** Claims due ones: nobody else gets them for {@code claim}, unless they change. */
  Future<Due> due(int most, Duration claim);

  /** Ends a turn; false where the schedule was changed meanwhile. */
  Future<Boolean> turn(Turn turn);
}
