package dev.stepcast.runs.flow;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.schemas.FlowControl;
import dev.stepcast.schemas.FlowKeyList.Standing;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who has a slot of which key, and who is next. A slot belongs to the run, through crashes of its
 * holders, until it is released; it has no lease. Asking and releasing are safe to repeat.
 *
 * <p>A slot that becomes free is set aside for exactly one of those that wait, who is to be told
 * and comes for it; until then nobody else gets it, and that run still counts as one that waits.
 * Whoever hears of such a run and cannot tell it passes the slot on: {@link Claim#GONE}.
 */
public interface FlowBook {
  /** What came of asking for a slot. */
  sealed interface Acquired {
    /** The run has one. */
    record Granted() implements Acquired {}

    /**
     * It must wait.
     *
     * @param againMs when to ask again at the latest, ms since the epoch: in the period when its
     *                turn comes, or some time later the more are before it
     * @param next    runs for which slots are set aside, and who are to be told
     */
    record Queued(long againMs, List<String> next) implements Acquired {}

    /** The run let go at this epoch or later: whoever asks holds it no longer. */
    record Stale() implements Acquired {}
  }

  /**
   * A run that shares a key.
   *
   * @param epoch how often it was taken
   */
  record Claim(FlowControl flow, String run, long epoch) {
    /** The epoch of a run that does not come for the slot that was set aside for it. */
    public static final long GONE = -1;

    /** The most runs at once; 0 for any number. */
    int parallelism() {
      var most = flow.parallelism();
      return most == null ? 0 : most;
    }

    /** The most starts in a period; 0 for any number. */
    int rate() {
      var most = flow.rate();
      return most == null ? 0 : most;
    }

    /** The period, ms. */
    int periodMs() {
      var period = flow.periodMs();
      return period == null ? 1_000 : period;
    }
  }

  /**
   * A key as it is now.
   *
   * @param active      runs that have a slot, a thousand at most
   * @param queued      runs that wait for one, in order: a thousand at most of those that have been
   *                    told, and of those that have not
   * @param activeCount all that have a slot
   * @param queuedCount all that wait for one
   */
  record View(List<String> active, List<String> queued, long activeCount, long queuedCount) {
    /** A view that shows all there are. */
    public View(List<String> active, List<String> queued) {
      this(active, queued, active.size(), queued.size());
    }
  }

  /**
   * A page of the keys in use.
   *
   * @param keys   by name, in the order of their UTF-8 bytes; fewer than asked for where some have
   *               just fallen idle
   * @param cursor what to go on after; null at the end
   */
  record Listing(List<Standing> keys, @Nullable String cursor) {}

  /** The book in Redis. */
  static FlowBook redis(RedisLink redis, Keys keys) {
    return new RedisFlowBook(redis, keys);
  }

  /** A book in memory, on a clock of the caller's, ms since the epoch; it never forgets. */
  static FlowBook memory(LongSupplier clock) {
    return new MemoryFlowBook(clock);
  }

  /** No limits at all. */
  static FlowBook none() {
    return new Unlimited();
  }

  /** Asks for a slot. */
  Future<Acquired> acquire(Claim claim);

  /** Gives a slot back, or leaves the queue. @return runs that have one now, and are to be told */
  Future<List<String>> release(Claim claim);

  /** How a key stands. */
  Future<View> view(String key);

  /**
   * Keys that a run holds or waits for. The cost is that of the page, however many keys there are.
   *
   * @param after the cursor of the page before; null for the first
   * @param limit keys at most
   */
  Future<Listing> list(@Nullable String after, int limit);

  /** See {@link #none}. */
  record Unlimited() implements FlowBook {
    @Override
    public Future<Acquired> acquire(Claim claim) {
      return Future.succeededFuture(new Acquired.Granted());
    }

    @Override
    public Future<List<String>> release(Claim claim) {
      return Future.succeededFuture(List.of());
    }

    @Override
    public Future<View> view(String key) {
      return Future.succeededFuture(new View(List.of(), List.of()));
    }

    @Override
    public Future<Listing> list(@Nullable String after, int limit) {
      return Future.succeededFuture(new Listing(List.of(), null));
    }
  }
}
