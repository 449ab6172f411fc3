package dev.stepcast.runs.schedule;

import dev.stepcast.runs.schedule.Schedules.Known;
import dev.stepcast.runs.schedule.Schedules.Plan;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Schedules in memory, by the same rules as in Redis, on a clock of the caller's. */
final class MemoryScheduleBook implements ScheduleBook {
  private static final long SOON_MS = 1_000;

  private final LongSupplier clock;
  private final TreeMap<String, Known> all = new TreeMap<>();
  private final Map<String, Long> due = new HashMap<>();

  MemoryScheduleBook(LongSupplier clock) {
    this.clock = clock;
  }

  @Override
  public Future<Long> now() {
    return Future.succeededFuture(clock.getAsLong());
  }

  @Override
  public synchronized Future<Void> put(Plan plan, @Nullable Boolean paused, long firstMs) {
    var was = all.get(plan.id());
    boolean to = paused != null ? paused : was != null && was.paused();
    if (was != null && was.plan().equals(plan) && was.paused() == to) {
      return Future.succeededFuture();
    }
    var now = was == null
        ? new Known(plan, 1, to, clock.getAsLong(), firstMs, null, null, 0, 0, null)
        : new Known(plan, was.revision() + 1, to, was.createdAt(), firstMs, was.last(), was.run(),
            was.fired(), was.skipped(), null);
    all.put(plan.id(), now);
    look(plan.id(), to ? null : firstMs);
    return Future.succeededFuture();
  }

  private void look(String id, @Nullable Long at) {
    if (at == null) {
      due.remove(id);
    } else {
      due.put(id, at);
    }
  }

  @Override
  public synchronized Future<Optional<Known>> find(String id) {
    return Future.succeededFuture(Optional.ofNullable(all.get(id)));
  }

  @Override
  public synchronized Future<List<Known>> list(@Nullable String cursor, int limit) {
    var rest = cursor == null ? all : all.tailMap(cursor, false);
    return Future.succeededFuture(rest.values().stream().limit(limit).toList());
  }

  @Override
  public synchronized Future<Boolean> move(String id, boolean paused, long nextMs) {
    var was = all.get(id);
    if (was != null && was.paused() != paused) {
      all.put(id, new Known(was.plan(), was.revision() + 1, paused, was.createdAt(),
          paused ? was.next() : Long.valueOf(nextMs), was.last(), was.run(), was.fired(),
          was.skipped(), null));
      look(id, paused ? null : nextMs);
    }
    return Future.succeededFuture(was != null);
  }

  @Override
  public synchronized Future<Boolean> delete(String id) {
    due.remove(id);
    return Future.succeededFuture(all.remove(id) != null);
  }

  @Override
  public synchronized Future<Due> due(int most, Duration claim) {
    long now = clock.getAsLong();
    var found = new ArrayList<Known>();
    due.entrySet().stream().filter(one -> one.getValue() <= now).sorted(Map.Entry
        .comparingByValue()).limit(most).map(one -> all.get(one.getKey()))
        .filter(Objects::nonNull).forEach(found::add);
    found.forEach(one -> due.put(one.plan().id(), now + claim.toMillis()));
    return Future.succeededFuture(new Due(now,
        due.values().stream().min(Long::compare).orElse(-1L), found));
  }

  @Override
  public synchronized Future<Boolean> turn(Turn turn) {
    var id = turn.from().plan().id();
    var was = all.get(id);
    if (was == null || was.revision() != turn.from().revision()) {
      return Future.succeededFuture(false);
    }
    boolean fired = turn.fired() != null;
    all.put(id, new Known(was.plan(), was.revision() + 1, was.paused(), was.createdAt(),
        turn.next(), fired ? turn.fired() : was.last(), fired ? turn.run() : was.run(),
        was.fired() + (fired ? 1 : 0), was.skipped() + turn.skipped(), turn.buffered()));
    long next = turn.next() == null ? Long.MAX_VALUE : Objects.requireNonNull(turn.next());
    long soon = turn.buffered() == null ? Long.MAX_VALUE : clock.getAsLong() + SOON_MS;
    look(id, Math.min(next, soon) == Long.MAX_VALUE ? null : Long.valueOf(Math.min(next, soon)));
    return Future.succeededFuture(true);
  }
}
