package dev.stepcast.runs.flow;

import dev.stepcast.schemas.FlowKeyList.Standing;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The book in memory, by the same rules as {@code acquire.lua} and {@code release.lua}. */
final class MemoryFlowBook implements FlowBook {
  private static final long ASK_AGAIN_MS = 30_000;
  private static final long ASK_AGAIN_MOST_MS = 3_600_000;
  private static final long ASK_AGAIN_EACH_MS = 10;
  private static final long OVERDUE_MS = 5_000;
  private static final int PERIODS_MS = 60_000;
  private static final int ASIDE_MOST = 100;

  private final LongSupplier clock;
  private final Map<String, Key> keys = new HashMap<>();

  /** What a release was, and whom it named. */
  private record Released(long epoch, List<String> next) {}

  /** What is known about a key. */
  static final class Key {
    final Map<String, Long> active = new LinkedHashMap<>();
    final LinkedHashMap<String, Long> aside = new LinkedHashMap<>();
    final LinkedHashSet<String> queue = new LinkedHashSet<>();
    private final Map<String, Released> released = new HashMap<>();
    private long windowAt = -1;
    private int started;

    private int used() {
      return active.size() + aside.size();
    }

    private Stream<String> waiting() {
      return Stream.concat(aside.keySet().stream(), queue.stream());
    }

    private long free(Claim claim) {
      return claim.parallelism() == 0 ? Integer.MAX_VALUE : claim.parallelism() - used();
    }

    private long left(Claim claim, long window) {
      return claim.rate() == 0 ? Integer.MAX_VALUE
          : claim.rate() - (windowAt == window ? started : 0);
    }

    private List<String> setAside(long free, long now) {
      var next = queue.stream().limit(Math.clamp(free, 0, ASIDE_MOST)).toList();
      next.forEach(run -> {
        queue.remove(run);
        aside.put(run, now);
      });
      return next;
    }

    private List<String> overdue(long now) {
      var oldest = aside.firstEntry();
      if (oldest == null || oldest.getValue() > now - OVERDUE_MS) {
        return List.of();
      }
      aside.putLast(oldest.getKey(), now);
      return List.of(oldest.getKey());
    }
  }

  MemoryFlowBook(LongSupplier clock) {
    this.clock = clock;
  }

  @Override
  public synchronized Future<Acquired> acquire(Claim claim) {
    return Future.succeededFuture(asked(key(claim.flow().key()), claim));
  }

  private Acquired asked(Key key, Claim claim) {
    var over = key.released.get(claim.run());
    if (over != null && over.epoch() >= claim.epoch()) {
      return new Acquired.Stale();
    }
    if (key.active.containsKey(claim.run())) {
      key.active.merge(claim.run(), claim.epoch(), Math::max);
      return new Acquired.Granted();
    }
    boolean held = key.aside.containsKey(claim.run());
    int rank = new ArrayList<>(key.queue).indexOf(claim.run());
    long ahead = held ? 0 : rank < 0 ? key.queue.size() : rank;
    long free = key.free(claim) + (held ? 1 : 0);
    long now = clock.getAsLong();
    long window = now - now % claim.periodMs();
    long left = key.left(claim, window);
    if (ahead < free && (ahead < left || ((held || rank >= 0) && left > 0))) {
      key.started = key.windowAt == window ? key.started + 1 : 1;
      key.windowAt = window;
      key.queue.remove(claim.run());
      key.aside.remove(claim.run());
      key.active.put(claim.run(), claim.epoch());
      return new Acquired.Granted();
    }
    if (!held) {
      key.queue.add(claim.run());
    }
    if (ahead < free) {
      long before = held ? key.aside.sequencedKeySet().stream().toList().indexOf(claim.run())
          : ahead;
      long periods = Math.max(0, before - Math.max(0, left)) / claim.rate();
      return new Acquired.Queued(window + claim.periodMs()
          * (1 + Math.min(periods, PERIODS_MS / claim.periodMs())), List.of());
    }
    if (held) {
      key.aside.remove(claim.run());
      key.queue.addFirst(claim.run());
    }
    return new Acquired.Queued(
        now + Math.min(ASK_AGAIN_MOST_MS, ASK_AGAIN_MS + ASK_AGAIN_EACH_MS * ahead),
        free > 0 ? key.setAside(free, now) : key.overdue(now));
  }

  @Override
  public synchronized Future<List<String>> release(Claim claim) {
    var key = key(claim.flow().key());
    var run = claim.run();
    boolean gone = claim.epoch() == Claim.GONE;
    var before = key.released.get(run);
    if (!gone && before != null && before.epoch() >= claim.epoch()) {
      return Future.succeededFuture(
          before.epoch() == claim.epoch() ? before.next() : List.of());
    }
    key.queue.remove(run);
    key.aside.remove(run);
    if (key.active.getOrDefault(run, Long.MAX_VALUE) <= claim.epoch()) {
      key.active.remove(run);
    }
    var next = claim.parallelism() == 0 ? List.<String>of()
        : key.setAside(key.free(claim), clock.getAsLong());
    if (!gone) {
      key.released.put(run, new Released(claim.epoch(), next));
    }
    return Future.succeededFuture(next);
  }

  @Override
  public synchronized Future<View> view(String name) {
    var key = key(name);
    return Future.succeededFuture(
        new View(List.copyOf(key.active.keySet()), key.waiting().toList()));
  }

  @Override
  public synchronized Future<Listing> list(@Nullable String after, int limit) {
    var page = keys.entrySet().stream()
        .map(entry -> new Standing(entry.getKey(), entry.getValue().active.size(),
            entry.getValue().waiting().count()))
        .filter(key -> key.activeCount() + key.queuedCount() > 0)
        .filter(key -> after == null || RedisFlowBook.BY_BYTES.compare(key.key(), after) > 0)
        .sorted(Comparator.comparing(Standing::key, RedisFlowBook.BY_BYTES)).limit(limit).toList();
    return Future.succeededFuture(
        new Listing(page, page.size() < limit ? null : page.getLast().key()));
  }

  Key key(String name) {
    return keys.computeIfAbsent(name, _ -> new Key());
  }
}
