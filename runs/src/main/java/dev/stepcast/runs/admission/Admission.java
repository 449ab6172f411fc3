package dev.stepcast.runs.admission;

import dev.stepcast.platform.config.Env;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.problem.Problem;
import dev.stepcast.platform.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Refuses new work while Redis is nearly full or too much is due that no worker has taken: what has
 * been accepted needs the rest of the memory to end. Looks once a second, so a burst may pass; full
 * Redis itself refuses what would be lost.
 */
public final class Admission {
  private static final long LOOK_MS = 1_000;
  private static final double NEARLY = 0.9;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  private static final Pattern USED = Pattern.compile("(?m)^used_memory:(\\d+)");
  private static final Pattern MOST = Pattern.compile("(?m)^maxmemory:(\\d+)");

  private final Vertx vertx;
  private final RedisLink redis;
  private final Keys keys;
  private final Bounds bounds;
  private volatile Optional<Problem> refusal = Optional.empty();
  private volatile long looked = System.nanoTime() - LOOK_MS * 1_000_000;
  private long timer = -1;

  /**
   * When no more is accepted.
   *
   * @param queueMost runs and deliveries that are due and that nobody has taken
   * @param bytesMost of Redis' memory; 0: nine tenths of its own maxmemory, if it has one
   */
  public record Bounds(int queueMost, long bytesMost) {
    /** Reads the variables; mistakes are noted in {@code env}. */
    public static Bounds from(Env env) {
      return new Bounds(env.integer("RUN_QUEUE_MAX", 1_000_000, 1, Integer.MAX_VALUE),
          1024L * 1024 * env.integer("REDIS_MEMORY_MAX_MIB", 0, 0, Integer.MAX_VALUE));
    }
  }

  /** Watches {@code redis} once it is started. */
  public Admission(Vertx vertx, RedisLink redis, Keys keys, Bounds bounds) {
    this.vertx = vertx;
    this.redis = redis;
    this.keys = keys;
    this.bounds = bounds;
  }

  /** Begins to look. */
  public void start() {
    timer = vertx.setPeriodic(1, LOOK_MS, _ -> look());
  }

  /** Looks no more. */
  public void stop() {
    vertx.cancelTimer(timer);
  }

  /** Why nothing new is accepted just now; empty where it is, and before the first look. */
  public Optional<Problem> refusal() {
    return refusal;
  }

  /** Throws the refusal where nothing new is accepted just now. */
  public void check() {
    refusal().ifPresent(no -> {
      throw no.refusal();
    });
  }

  /** Looks, unless it did within the last second; for those who seldom ask and start no watch. */
  public Future<Optional<Problem>> ask() {
    if (System.nanoTime() - looked < LOOK_MS * 1_000_000) {
      return Future.succeededFuture(refusal);
    }
    return look().map(_ -> refusal);
  }

  /** Looks now; where Redis cannot be asked the last answer stands. */
  Future<Void> look() {
    var slot = keys.slot(0).head();
    return redis.send(slot, Request.cmd(Command.INFO).arg("memory"))
        .compose(info -> queued().map(count -> {
          refusal = judge(String.valueOf(info), count);
          looked = System.nanoTime();
          return null;
        }));
  }

  private Future<Long> queued() {
    return redis.send(keys.slot(0).head(), Request.cmd(Command.TIME)).compose(
        time -> time == null ? Future.succeededFuture(0L) : queued(time.get(0).toString()));
  }

  private Future<Long> queued(String seconds) {
    var all = IntStream.range(0, keys.partitions()).boxed()
        .flatMap(part -> Stream.of("java", "endpoint")
            .map(pool -> due(part, pool, seconds + "000")))
        .toList();
    return Future.all(all).map(_ -> all.stream().mapToLong(Future::result).sum());
  }

  private Future<Long> due(int partition, String pool, String now) {
    var due = keys.slot(partition).key("due", pool);
    return redis.send(due, Request.cmd(Command.ZCOUNT).arg(due).arg("-inf")
        .arg(now)).map(count -> count == null ? 0 : count.toLong());
  }

  private Optional<Problem> judge(String info, long queued) {
    long used = number(USED, info);
    long own = number(MOST, info);
    long most = bounds.bytesMost() > 0 ? bounds.bytesMost() : (long) (own * NEARLY);
    if (most > 0 && used > most) {
      return Optional.of(Problem.unavailable("memory-nearly-full",
          "Redis uses " + used + " bytes, new runs are accepted up to " + most
              + ". What is accepted goes on; send this again later.",
          RETRY_AFTER));
    }
    return queued <= bounds.queueMost() ? Optional.empty()
        : Optional.of(Problem.unavailable("queue-full", queued + " runs are due and wait for a "
            + "worker, the most is " + bounds.queueMost() + ". Send this again later.",
            RETRY_AFTER));
  }

  private static long number(Pattern pattern, String info) {
    var found = pattern.matcher(info);
    return found.find() ? Long.parseLong(found.group(1)) : 0;
  }
}
