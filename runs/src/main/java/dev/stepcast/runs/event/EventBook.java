package dev.stepcast.runs.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.runs.journal.Entry;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.schemas.Wire;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for which event. It lies where the event is, not where the runs are, so what happens
 * here and what happens to a run are two steps; each is safe to repeat, and a run that waits asks
 * again every hour, so that nothing is lost between the two.
 */
public interface EventBook {
  /**
   * A run that waits, as it stands in the book.
   *
   * @param run   its id
   * @param path  of the wait in its journal
   * @param index of the wait, for people
   * @param name  of the wait
   * @param again which run of its id it is; null for the first
   */
  record Waiter(@JsonProperty("r") String run, @JsonProperty("p") String path,
      @JsonProperty("i") int index, @JsonProperty("n") String name,
      @JsonProperty("g") @Nullable String again) {
    /** A run that is the first of its id. */
    public Waiter(String run, String path, int index, String name) {
      this(run, path, index, name, null);
    }

    /** {@code run}, where it waits in {@code step}. */
    public static Waiter in(RunImage run, String path, Entry.Step step) {
      return new Waiter(run.id(), path, step.index(), step.name(),
          run.field(RunImage.GENERATION).orElse(null));
    }

    /** As it is stored. */
    public String text() {
      return Wire.encode(this);
    }

    /** Reads {@link #text}. */
    public static Waiter of(String text) {
      return Wire.decode(text, Waiter.class);
    }
  }

  /** Who gets what somebody else had found and did not take. */
  record Next(Waiter waiter, String data) {}

  /** The book in Redis. */
  static EventBook redis(RedisLink redis, Keys keys) {
    return new RedisEventBook(redis, keys);
  }

  /** A book in memory that keeps what nobody took for ever; {@code clock} tells ms. */
  static EventBook memory(LongSupplier clock) {
    return new Memory(clock);
  }

  /** Says that {@code waiter} waits; what was sent before, if nobody took that. */
  Future<Optional<String>> await(String event, Waiter waiter, long untilMs);

  /**
   * Moves waiters out, a thousand at most; the data is kept for {@code lookMs} if there are none.
   */
  Future<List<Waiter>> notify(String event, String data, long lookMs);

  /** A waiter that was moved out has been told. */
  Future<Void> told(String event, Waiter waiter);

  /**
   * A waiter waits no more. What {@link #await} had found for it, and was not {@link #told}, goes
   * to the next one, who is to be told, or is kept again for {@code lookMs}.
   */
  Future<Optional<Next>> leave(String event, Waiter waiter, long lookMs);

  /** How many wait for an event. */
  Future<Integer> waiting(String event);

  /** Those that wait, and when each gives up, ms since the epoch; the first to do so first. */
  Future<Map<Waiter, Long>> waiters(String event, int most);

  /** See {@link #memory}. */
  final class Memory implements EventBook {
    private final Map<String, Map<Waiter, Long>> waiting = new HashMap<>();
    private final Map<String, Deque<String>> kept = new HashMap<>();
    private final Map<String, String> out = new HashMap<>();
    private final Map<String, String> lent = new HashMap<>();
    private final Set<String> gone = new HashSet<>();

    private final LongSupplier clock;

    private Memory(LongSupplier clock) {
      this.clock = clock;
    }

    @Override
    public synchronized Future<Optional<String>> await(String event, Waiter waiter,
        long untilMs) {
      var given = out.getOrDefault(event + waiter, lent.get(event + waiter));
      var mail = kept.computeIfAbsent(event, _ -> new ArrayDeque<>());
      if (given == null
          && (gone.contains(event + waiter) || untilMs <= clock.getAsLong())) {
        return Future.succeededFuture(Optional.empty());
      }
      if (given == null && !mail.isEmpty()) {
        given = mail.removeFirst();
        lent.put(event + waiter, given);
      }
      if (given == null) {
        waiting.computeIfAbsent(event, _ -> new LinkedHashMap<>()).put(waiter, untilMs);
      }
      return Future.succeededFuture(Optional.ofNullable(given));
    }

    @Override
    public synchronized Future<List<Waiter>> notify(String event, String data, long lookMs) {
      var moved = waiting.remove(event);
      if ((moved == null || moved.isEmpty()) && lookMs > 0) {
        kept.computeIfAbsent(event, _ -> new ArrayDeque<>()).add(data);
      }
      var all = moved == null ? List.<Waiter>of() : new ArrayList<>(moved.keySet());
      all.forEach(waiter -> out.put(event + waiter, data));
      return Future.succeededFuture(all);
    }

    @Override
    public synchronized Future<Void> told(String event, Waiter waiter) {
      out.remove(event + waiter);
      lent.remove(event + waiter);
      gone.add(event + waiter);
      return Future.succeededFuture();
    }

    @Override
    public synchronized Future<Optional<Next>> leave(String event, Waiter waiter, long lookMs) {
      var others = waiting.getOrDefault(event, new LinkedHashMap<>());
      others.remove(waiter);
      gone.add(event + waiter);
      var data = lent.remove(event + waiter);
      if (data == null) {
        return Future.succeededFuture(Optional.empty());
      }
      var next = others.keySet().stream().findFirst();
      next.ifPresentOrElse(one -> {
        others.remove(one);
        out.put(event + one, data);
      }, () -> kept.computeIfAbsent(event, _ -> new ArrayDeque<>()).addFirst(data));
      return Future.succeededFuture(next.map(one -> new Next(one, data)));
    }

    @Override
    public synchronized Future<Integer> waiting(String event) {
      return Future.succeededFuture(waiting.getOrDefault(event, Map.of()).size());
    }

    @Override
    public synchronized Future<Map<Waiter, Long>> waiters(String event, int most) {
      return Future.succeededFuture(new LinkedHashMap<>(waiting.getOrDefault(event, Map.of())));
    }
  }
}
