package dev.stepcast.platform.cluster;

import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import io.vertx.core.Future;
import io.vertx.core.shareddata.Counter;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.List;

/**
 * A number in Redis that outlives the nodes. When a call fails, it may or may not have counted:
 * Redis went away before it answered.
 */
final class RedisCounter implements Counter {
  private static final Script COMPARE = Script.of(RedisCounter.class, "compare");

  private final RedisLink redis;
  private final String key;
  private final Hop hop;

  RedisCounter(RedisLink redis, String key, Hop hop) {
    this.redis = redis;
    this.key = key;
    this.hop = hop;
  }

  @Override
  public Future<Long> get() {
    return hop.here(redis.send(key, Request.cmd(Command.GET).arg(key))
        .map(answer -> answer == null ? Long.valueOf(0) : answer.toLong()));
  }

  @Override
  public Future<Long> incrementAndGet() {
    return addAndGet(1);
  }

  @Override
  public Future<Long> getAndIncrement() {
    return getAndAdd(1);
  }

  @Override
  public Future<Long> decrementAndGet() {
    return addAndGet(-1);
  }

  @Override
  public Future<Long> addAndGet(long value) {
    return hop.here(redis.send(key, Request.cmd(Command.INCRBY).arg(key).arg(value))
        .map(answer -> answer == null ? Long.valueOf(0) : answer.toLong()));
  }

  @Override
  public Future<Long> getAndAdd(long value) {
    return addAndGet(value).map(after -> after - value);
  }

  @Override
  public Future<Boolean> compareAndSet(long expected, long value) {
    return hop.here(redis.run(COMPARE, List.of(key), List.of(expected, value))
        .map(answer -> answer.get(0).toString().equals("SET")));
  }
}
