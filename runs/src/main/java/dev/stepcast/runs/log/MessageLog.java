package dev.stepcast.runs.log;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What happened to messages, newest first: the last ten thousand things of each partition. Written
 * by the very scripts that make it happen. Futures fail only with {@code RedisLink.Unavailable}.
 */
public final class MessageLog {
  private static final int READ_AT_ONCE = 200;
  private static final int READ_MAX = 20_000;

  private final RedisLink redis;
  private final Keys keys;

  /**
   * One thing that happened.
   *
   * @param at     ms since the epoch
   * @param fields what is known: {@code id}, {@code st}, {@code url}, {@code q}, {@code sch},
   *               {@code grp}, {@code lb}, {@code fk}, {@code ip}, {@code due}, {@code error}
   */
  public record Happened(long at, long sequence, int partition, Map<String, String> fields) {
    private static final Comparator<Happened> NEWEST_FIRST = Comparator
        .comparingLong(Happened::at).thenComparingLong(Happened::sequence)
        .thenComparingInt(Happened::partition).reversed();

    String cursor() {
      return at + "-" + sequence + "-" + partition;
    }
  }

  /** A part of the log, and where it goes on; null at its end. */
  public record Page(List<Happened> all, @Nullable String cursor) {}

  /** What to show. */
  public record Ask(Predicate<Happened> filter, @Nullable String cursor, int count) {}

  /** Reads from {@code redis}. */
  public MessageLog(RedisLink redis, Keys keys) {
    this.redis = redis;
    this.keys = keys;
  }

  /** The next things that fit; a cursor that is none of ours begins at the newest. */
  public Future<Page> page(Ask ask) {
    return more(ask, ask.cursor(), new ArrayList<>(), 0);
  }

  private Future<Page> more(Ask ask, @Nullable String from, List<Happened> found, int read) {
    return read(from).compose(batch -> {
      for (int i = 0; i < batch.size(); i++) {
        var one = batch.get(i);
        if (ask.filter().test(one)) {
          found.add(one);
          if (found.size() == ask.count()) {
            return Future.succeededFuture(new Page(List.copyOf(found), one.cursor()));
          }
        }
      }
      boolean end = batch.size() < READ_AT_ONCE || read + batch.size() >= READ_MAX;
      return end ? Future.succeededFuture(new Page(List.copyOf(found), null))
          : more(ask, batch.getLast().cursor(), found, read + batch.size());
    });
  }

  /** A message that has not ended; {@code at} in ms since the epoch. */
  public record Pending(String id, long at) {}

  /** Messages that have not ended, the oldest first. */
  public Future<List<Pending>> pending() {
    var parts = IntStream.range(0, keys.partitions()).mapToObj(partition -> {
      var set = keys.slot(partition).key("msgs");
      return redis.send(set, Request.cmd(Command.ZRANGE).arg(set).arg(0).arg(-1)
          .arg("WITHSCORES"));
    }).toList();
    return Future.all(parts).map(_ -> {
      var all = new ArrayList<Pending>();
      for (var part : parts) {
        var flat = part.result() == null ? List.<Response>of() : part.result().stream().toList();
        for (int i = 0; i + 1 < flat.size(); i += 2) {
          all.add(new Pending(flat.get(i).toString(), flat.get(i + 1).toLong()));
        }
      }
      all.sort(Comparator.comparingLong(Pending::at));
      return List.copyOf(all);
    });
  }

  /** The {@link #READ_AT_ONCE} newest that are older than {@code from}. */
  private Future<List<Happened>> read(@Nullable String from) {
    var parts = IntStream.range(0, keys.partitions()).mapToObj(partition -> {
      var log = keys.slot(partition).key("log");
      return redis.send(log, Request.cmd(Command.XREVRANGE).arg(log).arg(end(from, partition))
          .arg("-").arg("COUNT").arg(READ_AT_ONCE)).map(answer -> entries(answer, partition));
    }).toList();
    return Future.all(parts).map(_ -> parts.stream().flatMap(part -> part.result().stream())
        .sorted(Happened.NEWEST_FIRST).limit(READ_AT_ONCE).toList());
  }

  private static String end(@Nullable String from, int partition) {
    if (from == null || !from.matches("\\d{1,15}-\\d{1,15}-\\d{1,6}")) {
      return from != null && from.matches("\\d{1,15}") ? from : "+";
    }
    var parts = from.split("-", -1);
    boolean before = partition < Integer.parseInt(parts[2]);
    return (before ? "" : "(") + parts[0] + "-" + parts[1];
  }

  private static List<Happened> entries(@Nullable Response answer, int partition) {
    var all = new ArrayList<Happened>();
    if (answer != null) {
      answer.forEach(entry -> {
        var id = entry.get(0).toString().split("-", -1);
        Map<String, String> fields = new HashMap<>();
        var flat = entry.get(1);
        for (int i = 0; i + 1 < flat.size(); i += 2) {
          fields.put(flat.get(i).toString(), flat.get(i + 1).toString());
        }
        all.add(new Happened(Long.parseLong(id[0]), Long.parseLong(id[1]), partition, fields));
      });
    }
    return all;
  }
}
