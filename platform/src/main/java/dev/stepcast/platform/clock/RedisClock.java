package dev.stepcast.platform.clock;

import dev.stepcast.platform.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The time by the clock of Redis, which is everybody's; that of this machine may be wrong by hours.
 * Redis is asked every few seconds, and {@link System#nanoTime} tells what has passed since, also
 * while Redis is away. It is never further off than an answer takes, mostly a fraction of a
 * millisecond; what must be exact, as leases must, is left to scripts.
 */
public final class RedisClock implements InstantSource {
  private static final long ASK_EVERY_MS = Duration.ofSeconds(5).toMillis();

  private final Vertx vertx;
  private final Offset offset;
  private long asking = -1;

  private RedisClock(Vertx vertx, Offset offset) {
    this.vertx = vertx;
    this.offset = offset;
  }

  /**
   * Asks {@code redis} from now on, over the connection of {@code key}. Fails when it cannot be
   * asked at first.
   */
  public static Future<RedisClock> open(Vertx vertx, RedisLink redis, String key) {
    var offset = new Offset();
    var clock = new RedisClock(vertx, offset);
    return ask(redis, key, offset)
        .compose(_ -> ask(redis, key, offset)) // the first answer comes while all is still cold
        .map(_ -> {
          clock.asking = vertx.setPeriodic(ASK_EVERY_MS, _ -> ask(redis, key, offset));
          return clock;
        });
  }

  private static Future<Void> ask(RedisLink redis, String key, Offset offset) {
    long asked = micros();
    return redis.send(key, Request.cmd(Command.TIME)).map(answer -> {
      offset.heard(asked, time(answer), micros());
      return null;
    });
  }

  private static long time(@Nullable Response answer) {
    if (answer == null) {
      throw new IllegalStateException("Redis does not tell the time");
    }
    return answer.get(0).toLong() * 1_000_000 + answer.get(1).toLong();
  }

  private static long micros() {
    return System.nanoTime() / 1_000;
  }

  @Override
  public Instant instant() {
    long now = micros() + offset.micros;
    return Instant.ofEpochSecond(Math.floorDiv(now, 1_000_000),
        Math.floorMod(now, 1_000_000) * 1_000L);
  }

  @Override
  public long millis() {
    return Math.floorDiv(micros() + offset.micros, 1_000);
  }

  /** Asks no more; it goes on counting. */
  public void close() {
    vertx.cancelTimer(asking);
  }

  /** How far Redis' clock is ahead of ours that counts from anywhere; both in microseconds. */
  static final class Offset {
    private volatile long micros;
    private boolean known;

    /**
     * Redis said that it was {@code theirs}, some time between {@code asked} and {@code got}. What
     * we thought stands where it can be true; else it becomes what is nearest to it and can.
     */
    synchronized void heard(long asked, long theirs, long got) {
      long least = theirs - got;
      micros = known ? Math.clamp(micros, least, theirs - asked) : least;
      known = true;
    }

    long micros() {
      return micros;
    }
  }
}
