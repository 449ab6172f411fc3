package dev.stepcast.platform.cluster;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.redis.Script;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.shareddata.AsyncMap;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A map in Redis. Every method is one atomic step there; it fails with {@link
 * RedisLink.Unavailable} when Redis is away. Entries outlive the nodes that put them, unless they
 * have a time to live.
 */
final class RedisMap<K, V> implements AsyncMap<K, V> {
  private static final Script SWAP = Script.of(RedisMap.class, "swap");
  private static final Script ENTRY = Script.of(RedisMap.class, "entry");
  private static final Script ENTRIES = Script.of(RedisMap.class, "entries");
  private static final Buffer NONE = Buffer.buffer();

  private final RedisLink redis;
  private final ValueCodec codec;
  private final Hop hop;
  private final List<String> keys;

  /** What an entry must be for a change to happen. */
  private enum When {
    ANY, ABSENT, PRESENT, EQUAL
  }

  /** What then happens to it; a null value removes it. */
  private record Change(@Nullable Object value, long ttlMs) {}

  /** Whether it happened, and what was there before. */
  private record Swapped<V>(boolean done, @Nullable V before) {}

  RedisMap(RedisLink redis, Keys.Slot slot, String name, Tools tools) {
    this.redis = redis;
    this.codec = tools.codec();
    this.hop = tools.hop();
    this.keys = List.of(slot.key("map", name), slot.key("ends", name));
  }

  /** What maps of one node share. */
  record Tools(ValueCodec codec, Hop hop) {}

  @Override
  public Future<V> get(K k) {
    var key = codec.encode(k);
    return hop.here(redis.run(ENTRY, keys, List.of(key))
        .map(answer -> value(answer.get(0).toBuffer())));
  }

  @Override
  public Future<Void> put(K k, V v) {
    return swap(k, When.ANY, null, new Change(present(v), 0)).mapEmpty();
  }

  @Override
  public Future<Void> put(K k, V v, long ttl) {
    return swap(k, When.ANY, null, new Change(present(v), ttl)).mapEmpty();
  }

  @Override
  public Future<V> putIfAbsent(K k, V v) {
    return putIfAbsent(k, v, 0);
  }

  @Override
  public Future<V> putIfAbsent(K k, V v, long ttl) {
    return swap(k, When.ABSENT, null, new Change(present(v), ttl)).map(Swapped::before);
  }

  @Override
  public Future<V> remove(K k) {
    return swap(k, When.ANY, null, new Change(null, 0)).map(Swapped::before);
  }

  @Override
  public Future<Boolean> removeIfPresent(K k, V v) {
    return swap(k, When.EQUAL, present(v), new Change(null, 0)).map(Swapped::done);
  }

  @Override
  public Future<V> replace(K k, V v) {
    return replace(k, v, 0);
  }

  @Override
  public Future<V> replace(K k, V v, long ttl) {
    return swap(k, When.PRESENT, null, new Change(present(v), ttl)).map(Swapped::before);
  }

  @Override
  public Future<Boolean> replaceIfPresent(K k, V oldValue, V newValue) {
    return replaceIfPresent(k, oldValue, newValue, 0);
  }

  @Override
  public Future<Boolean> replaceIfPresent(K k, V oldValue, V newValue, long ttl) {
    return swap(k, When.EQUAL, present(oldValue), new Change(present(newValue), ttl))
        .map(Swapped::done);
  }

  @Override
  public Future<Void> clear() {
    return hop.here(redis.send(keys.getFirst(),
        Request.cmd(Command.UNLINK).arg(keys.get(0)).arg(keys.get(1)))).mapEmpty();
  }

  @Override
  public Future<Integer> size() {
    return entries().map(Map::size);
  }

  @Override
  public Future<Set<K>> keys() {
    return entries().map(entries -> new HashSet<>(entries.keySet()));
  }

  @Override
  public Future<List<V>> values() {
    return entries().map(entries -> new ArrayList<>(entries.values()));
  }

  @Override
  public Future<Map<K, V>> entries() {
    return hop.here(redis.run(ENTRIES, keys, List.of()).map(answer -> {
      var entries = new HashMap<K, V>();
      for (int i = 0; i + 1 < answer.size(); i += 2) {
        entries.put(key(answer.get(i).toBuffer()), decoded(answer.get(i + 1).toBuffer()));
      }
      return entries;
    }));
  }

  /** Like {@link #put}, and tells what was there before. */
  Future<V> exchange(K k, V v) {
    return swap(k, When.ANY, null, new Change(present(v), 0)).map(Swapped::before);
  }

  private Future<Swapped<V>> swap(K key, When when, @Nullable Object expected, Change change) {
    var value = change.value;
    var args = List.of(codec.encode(key), when.name(),
        expected == null ? NONE : codec.encode(expected), value == null ? "REMOVE" : "PUT",
        value == null ? NONE : codec.encode(value), change.ttlMs);
    return hop.here(redis.run(SWAP, keys, args)
        .map(answer -> new Swapped<>(answer.get(0).toString().equals("DONE"),
            value(answer.get(1).toBuffer()))));
  }

  private Object present(@Nullable V value) {
    if (value == null) {
      throw new IllegalArgumentException("a cluster's map holds no null");
    }
    return value;
  }

  @SuppressWarnings("NullAway") // Vert.x says "none" with null
  private V value(Buffer bytes) {
    return bytes.length() == 0 ? null : decoded(bytes);
  }

  @SuppressWarnings("unchecked") // as trustworthy as the caller's choice of K
  private K key(Buffer bytes) {
    return (K) codec.decode(bytes);
  }

  @SuppressWarnings("unchecked") // as trustworthy as the caller's choice of V
  private V decoded(Buffer bytes) {
    return (V) codec.decode(bytes);
  }
}
