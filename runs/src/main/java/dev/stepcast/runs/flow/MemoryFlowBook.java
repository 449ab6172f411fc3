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
import org.jspecify.annotations.Nullable;

/** The book in memory, by the same rules as {@code acquire.lua} and {@code release.lua}. */
final class MemoryFlowBook implements FlowBook {
  private static final long ASK_AGAIN_MS = 30_000;

  private final LongSupplier clock;
  private final Map<String, Key> keys = new HashMap<>();

  /** What is known about a key. */
  static final class Key {
    final Map<String, Long> active = new LinkedHashMap<>();
    final LinkedHashSet<String> queue = new LinkedHashSet<>();
    final Map<String, Long> released = new HashMap<>();
    private long windowAt = -1;
    private int started;

    private boolean used() {
      return !active.isEmpty() || !queue.isEmpty();
    }

    private List<String> next(int free) {
      return queue.stream().limit(Math.max(0, free)).toList();
    }

    private int free(Claim claim) {
      return claim.parallelism() == 0 ? Integer.MAX_VALUE : claim.parallelism() - active.size();
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
    if (key.released.getOrDefault(claim.run(), -1L) >= claim.epoch()) {
      return new Acquired.Stale();
    }
    if (key.active.containsKey(claim.run())) {
      key.active.put(claim.run(), claim.epoch());
      return new Acquired.Granted();
    }
    key.queue.add(claim.run());
    long now = clock.getAsLong();
    int free = key.free(claim);
    if (new ArrayList<>(key.queue).indexOf(claim.run()) >= free) {
      return new Acquired.Queued(now + ASK_AGAIN_MS, key.next(free));
    }
    long window = now - now % claim.periodMs();
    if (claim.rate() > 0 && !startsIn(key, window, claim.rate())) {
      return new Acquired.Queued(window + claim.periodMs(), List.of());
    }
    key.queue.remove(claim.run());
    key.active.put(claim.run(), claim.epoch());
    return new Acquired.Granted();
  }

  private static boolean startsIn(Key key, long window, int rate) {
    if (key.windowAt != window) {
      key.windowAt = window;
      key.started = 0;
    }
    return ++key.started <= rate;
  }

  @Override
  public synchronized Future<List<String>> release(Claim claim) {
    var key = key(claim.flow().key());
    key.queue.remove(claim.run());
    if (key.active.getOrDefault(claim.run(), Long.MAX_VALUE) <= claim.epoch()) {
      key.active.remove(claim.run());
    }
    key.released.merge(claim.run(), claim.epoch(), Math::max);
    return Future.succeededFuture(
        claim.parallelism() == 0 ? List.of() : key.next(key.free(claim)));
  }

  @Override
  public synchronized Future<View> view(String name) {
    var key = key(name);
    return Future.succeededFuture(
        new View(List.copyOf(key.active.keySet()), List.copyOf(key.queue)));
  }

  @Override
  public synchronized Future<Listing> list(@Nullable String after, int limit) {
    var page = keys.entrySet().stream().filter(entry -> entry.getValue().used())
        .map(entry -> new Standing(entry.getKey(), entry.getValue().active.size(),
            entry.getValue().queue.size()))
        .filter(key -> after == null || RedisFlowBook.BY_BYTES.compare(key.key(), after) > 0)
        .sorted(Comparator.comparing(Standing::key, RedisFlowBook.BY_BYTES)).limit(limit).toList();
    return Future.succeededFuture(
        new Listing(page, page.size() < limit ? null : page.getLast().key()));
  }

  Key key(String name) {
    return keys.computeIfAbsent(name, _ -> new Key());
  }
}
