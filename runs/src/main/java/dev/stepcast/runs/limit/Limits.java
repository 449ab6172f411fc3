package dev.stepcast.runs.limit;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.runs.flow.FlowBook;
import dev.stepcast.runs.flow.FlowBook.Acquired;
import dev.stepcast.runs.flow.FlowBook.Claim;
import dev.stepcast.schemas.FlowControl;
import dev.stepcast.schemas.FlowPlace;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Limits of deliveries by key: open calls at once, and calls begun in a period. What was published
 * last holds, unless it is pinned. They are counted apart from those of Java workflows. Futures
 * fail only with {@code RedisLink.Unavailable}.
 */
public final class Limits {
  /** Keeps these keys apart from those of Java workflows. */
  private static final String APART = "http:";
  private static final int SECOND_MS = 1_000;
  private static final String PARALLELISM = "parallelism";
  private static final String RATE = "rate";
  private static final String PERIOD = "period";
  private static final String PINNED_PARALLELISM = "pinnedParallelism";
  private static final String PINNED_RATE = "pinnedRate";

  private final RedisLink redis;
  private final Keys keys;
  private final FlowBook book;

  /**
   * A key as it is now.
   *
   * @param waiting     deliveries that wait, those that wait longest first
   * @param parallelism the most at once; 0 for any number
   * @param active      calls that are open
   * @param rate        the most in a period; 0 for any number
   * @param begun       in this period
   * @param periodMs    length of the period
   * @param periodAt    when it began, ms since the epoch; 0 for never
   */
  public record View(List<String> waiting, int parallelism, int active, int rate, int begun,
      int periodMs, long periodAt, boolean paused, boolean pinnedParallelism,
      boolean pinnedRate) {}

  /** Limits in {@code redis}. */
  public Limits(RedisLink redis, Keys keys) {
    this.redis = redis;
    this.keys = keys;
    this.book = FlowBook.redis(redis, keys);
  }

  /** What holds for the key from now on, as far as it is not pinned. */
  public Future<Void> published(FlowControl flow) {
    return fields(flow.key()).compose(now -> {
      Map<String, Object> next = new HashMap<>();
      if (!now.containsKey(PINNED_PARALLELISM)) {
        next.put(PARALLELISM, orZero(flow.parallelism()));
      }
      if (!now.containsKey(PINNED_RATE)) {
        next.put(RATE, orZero(flow.rate()));
        next.put(PERIOD, flow.periodMs() == null ? SECOND_MS : flow.periodMs());
      }
      boolean same = next.entrySet().stream()
          .allMatch(one -> String.valueOf(one.getValue()).equals(now.get(one.getKey())));
      return same ? Future.succeededFuture() : put(flow.key(), next);
    });
  }

  /** Asks for {@code delivery} to be made; {@code epoch} grows with each time it is taken. */
  public Future<Acquired> enter(FlowControl flow, String delivery, long epoch) {
    return claim(flow, delivery, epoch).compose(book::acquire);
  }

  /** It is made, or will never be. @return deliveries that are next */
  public Future<List<String>> leave(FlowControl flow, String delivery, long epoch) {
    return claim(flow, delivery, epoch).compose(book::release);
  }

  private Future<Claim> claim(FlowControl flow, String delivery, long epoch) {
    return fields(flow.key()).map(now -> new Claim(new FlowControl(APART + flow.key(),
        now.containsKey("paused") ? Integer.valueOf(-1)
            : number(now, PARALLELISM, orZero(flow.parallelism())),
        number(now, RATE, orZero(flow.rate())), number(now, PERIOD,
            flow.periodMs() == null ? SECOND_MS : flow.periodMs())),
        delivery, epoch));
  }

  /** How a key stands. */
  public Future<View> view(String key) {
    var window = keys.slot(APART + key).key("flow:rate", APART + key);
    return fields(key).compose(now -> book.view(APART + key).compose(
        members -> redis.send(window, Request.cmd(Command.HMGET).arg(window).arg("n").arg("at"))
            .map(rate -> {
              int most = number(now, RATE, 0);
              int begun = rate == null || rate.get(0) == null ? 0 : rate.get(0).toInteger();
              long at = rate == null || rate.get(1) == null ? 0 : rate.get(1).toLong();
              return new View(members.queued(), number(now, PARALLELISM, 0),
                  members.active().size(), most, Math.min(begun, most),
                  number(now, PERIOD, SECOND_MS), at, now.containsKey("paused"),
                  now.containsKey(PINNED_PARALLELISM), now.containsKey(PINNED_RATE));
            })));
  }

  /** Where deliveries of {@code run} are under {@code flow}. */
  public Future<FlowPlace> place(FlowControl flow, String run) {
    return claim(flow, run, 0).compose(asked -> book.view(asked.flow().key()).map(view -> {
      var mine = view.queued().stream().filter(one -> one.startsWith(run + "#")).findFirst();
      return new FlowPlace(flow.key(), positive(asked.flow().parallelism()),
          positive(asked.flow().rate()),
          view.active().stream().anyMatch(one -> one.startsWith(run + "#")),
          (int) view.activeCount(), mine.map(view.queued()::indexOf).orElse(null));
    }));
  }

  /** Begins no more deliveries of the key. */
  public Future<Void> pause(String key) {
    return put(key, Map.of("paused", "1"));
  }

  /** Begins them again. @return those that wait, to be let ask */
  public Future<List<String>> resume(String key) {
    return drop(key, "paused").compose(_ -> waiting(key));
  }

  /** Holds from now on, whatever is published. @return those that wait, to be let ask */
  public Future<List<String>> pin(FlowControl flow) {
    Map<String, Object> fields = new HashMap<>();
    if (flow.parallelism() != null) {
      fields.put(PARALLELISM, flow.parallelism());
      fields.put(PINNED_PARALLELISM, "1");
    }
    if (flow.rate() != null) {
      fields.put(RATE, flow.rate());
      fields.put(PERIOD, flow.periodMs() == null ? SECOND_MS : flow.periodMs());
      fields.put(PINNED_RATE, "1");
    }
    return put(flow.key(), fields).compose(_ -> waiting(flow.key()));
  }

  /** What is published holds again, from the next time on. */
  public Future<Void> unpin(String key, boolean parallelism, boolean rate) {
    return (parallelism ? drop(key, PINNED_PARALLELISM) : Future.<Void>succeededFuture())
        .compose(_ -> rate ? drop(key, PINNED_RATE) : Future.succeededFuture());
  }

  /** The period begins anew. @return those that wait, to be let ask */
  public Future<List<String>> resetRate(String key) {
    var window = keys.slot(APART + key).key("flow:rate", APART + key);
    return redis.send(window, Request.cmd(Command.DEL).arg(window)).compose(_ -> waiting(key));
  }

  private Future<List<String>> waiting(String key) {
    return book.view(APART + key).map(FlowBook.View::queued);
  }

  private Future<Map<String, String>> fields(String key) {
    var hash = hash(key);
    return redis.send(hash, Request.cmd(Command.HGETALL).arg(hash)).map(answer -> {
      Map<String, String> fields = new HashMap<>();
      if (answer != null) {
        answer.getKeys().forEach(name -> fields.put(name, String.valueOf(answer.get(name))));
      }
      return fields;
    });
  }

  private Future<Void> put(String key, Map<String, ?> fields) {
    if (fields.isEmpty()) {
      return Future.succeededFuture();
    }
    var hash = hash(key);
    var set = Request.cmd(Command.HSET).arg(hash);
    fields.forEach((name, value) -> set.arg(name).arg(String.valueOf(value)));
    return redis.send(hash, set).mapEmpty();
  }

  private Future<Void> drop(String key, String field) {
    var hash = hash(key);
    return redis.send(hash, Request.cmd(Command.HDEL).arg(hash).arg(field)).mapEmpty();
  }

  private String hash(String key) {
    return keys.slot(APART + key).key("flow:limits", key);
  }

  /** Zero is no limit; a paused key has less than that, and lets nobody pass. */
  private static @Nullable Integer positive(@Nullable Integer most) {
    return most == null || most == 0 ? null : Integer.valueOf(Math.max(0, most));
  }

  private static int orZero(@Nullable Integer value) {
    return value == null ? 0 : value;
  }

  private static int number(Map<String, String> fields, String name, int fallback) {
    var value = fields.get(name);
    return value == null ? fallback : Integer.parseInt(value);
  }
}
