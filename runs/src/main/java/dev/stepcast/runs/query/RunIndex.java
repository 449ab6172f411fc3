package dev.stepcast.runs.query;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.schemas.RunFilter;
import dev.stepcast.schemas.RunState;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The order of runs over all partitions, newest first, from the narrowest index that fits. */
final class RunIndex {
  private final RedisLink redis;
  private final Keys keys;

  /**
   * A run's place in the order.
   *
   * @param createdAt ms since the epoch
   */
  record Place(long createdAt, String id) {
    static final Comparator<Place> NEWEST_FIRST = Comparator.comparingLong(Place::createdAt)
        .thenComparing(Place::id).reversed();
    private static final String BEFORE_ALL = "";

    /** Before the first place, or before the first that is older than {@code to}. */
    static Place newest(@Nullable Long to) {
      return new Place(to == null ? Long.MAX_VALUE : to, BEFORE_ALL);
    }

    static Place of(String cursor) {
      int dot = cursor.indexOf('.');
      if (dot < 1) {
        throw new IllegalArgumentException("not a cursor of ours");
      }
      return new Place(Long.parseLong(cursor.substring(0, dot)), cursor.substring(dot + 1));
    }

    String cursor() {
      return createdAt + "." + id;
    }

    String score() {
      return createdAt == Long.MAX_VALUE ? "+inf" : String.valueOf(createdAt);
    }
  }

  RunIndex(RedisLink redis, Keys keys) {
    this.redis = redis;
    this.keys = keys;
  }

  /** The next {@code count} places after {@code from}. */
  Future<List<Place>> page(RunFilter filter, Place from, int count) {
    var all = IntStream.range(0, keys.partitions())
        .mapToObj(partition -> after(new Part(keys.slot(partition).key("idx", name(filter)),
            from, filter.from(), count), 0, new ArrayList<>()))
        .toList();
    return Future.all(all).map(_ -> all.stream().flatMap(part -> part.result().stream())
        .sorted(Place.NEWEST_FIRST).limit(count).toList());
  }

  private record Part(String key, Place from, @Nullable Long least, int count) {}

  /**
   * The next places of one partition. Those with the cursor's very instant may have been answered
   * before; they are skipped, and made up for: with too few, newer ones would be passed over.
   */
  private Future<List<Place>> after(Part part, int offset, List<Place> found) {
    var least = part.least() == null ? "-inf" : String.valueOf(part.least());
    var ask = Request.cmd(Command.ZRANGE).arg(part.key()).arg(part.from().score()).arg(least)
        .arg("BYSCORE").arg("REV").arg("LIMIT").arg(offset).arg(part.count()).arg("WITHSCORES");
    return redis.send(part.key(), ask).compose(answer -> {
      int size = answer == null ? 0 : answer.size();
      for (int i = 0; answer != null && i + 1 < size; i += 2) {
        var place = new Place((long) answer.get(i + 1).toDouble().doubleValue(),
            answer.get(i).toString());
        if (Place.NEWEST_FIRST.compare(place, part.from()) > 0) {
          found.add(place);
        }
      }
      boolean full = size / 2 == part.count();
      return full && found.size() < part.count() ? after(part, offset + part.count(), found)
          : Future.succeededFuture(found);
    });
  }

  private static String name(RunFilter filter) {
    if (filter.label() != null) {
      return "label:" + filter.label();
    }
    var state = filter.state();
    if (state == null || state == RunState.SUCCEEDED) {
      return "all";
    }
    return state == RunState.QUEUED || state == RunState.RUNNING ? "LIVE" : state.name();
  }
}
