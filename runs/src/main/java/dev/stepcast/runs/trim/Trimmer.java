package dev.stepcast.runs.trim;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes runs that Redis has forgotten out of the indexes, one partition at a time, a page at a
 * time. Any number of nodes may do it; lists do not depend on it, only memory does.
 */
public final class Trimmer {
  private static final Logger log = LoggerFactory.getLogger(Trimmer.class);
  private static final Script TRIM = Script.of(Trimmer.class, "trim");
  private static final List<String> INDEXES = List.of("all", "FAILED", "CANCELED");
  private static final Duration EVERY = Duration.ofSeconds(10);
  private static final int PAGE = 500;
  private static final int LABELS = 100;

  private final Vertx vertx;
  private final RedisLink redis;
  private final Keys keys;
  private final Duration youngest;
  private int partition;
  private long timer = -1;

  /** Trims what was created {@code youngest} ago or earlier: less than any run is kept. */
  public Trimmer(Vertx vertx, RedisLink redis, Keys keys, Duration youngest) {
    this.vertx = vertx;
    this.redis = redis;
    this.keys = keys;
    this.youngest = youngest;
  }

  /** Begins. */
  public void start() {
    timer = vertx.setPeriodic(EVERY.toMillis(), _ -> {
      partition = (partition + 1) % keys.partitions();
      trim(partition).onFailure(cause -> log.atDebug()
          .addKeyValue("error", String.valueOf(cause.getMessage())).log("trim.failed"));
    });
  }

  /** Ends. */
  public void stop() {
    vertx.cancelTimer(timer);
  }

  /** Trims one partition. @return how many entries went */
  Future<Long> trim(int part) {
    var labels = keys.slot(part).key("labels");
    return redis.send(labels, Request.cmd(Command.ZRANGE).arg(labels).arg("-inf").arg("+inf")
        .arg("BYSCORE").arg("LIMIT").arg(0).arg(LABELS)).compose(found -> {
          var names = Stream.concat(INDEXES.stream(), found == null ? Stream.of()
              : found.stream().map(label -> "label:" + label)).toList();
          Future<Long> gone = Future.succeededFuture(0L);
          for (var name : names) {
            gone = gone.compose(count -> index(part, name, "-inf").map(more -> count + more));
          }
          return gone;
        });
  }

  /** Goes on while there is something to take away; what lives long is passed by. */
  private Future<Long> index(int part, String name, String after) {
    return redis.run(TRIM, List.of(keys.slot(part).head()),
        List.of(name, after, youngest.toMillis(), PAGE)).compose(answer -> {
          long gone = answer.get(0).toLong();
          boolean more = answer.get(1).toInteger() == PAGE;
          return more ? index(part, name, "(" + answer.get(2)).map(rest -> gone + rest)
              : Future.succeededFuture(gone);
        });
  }
}
