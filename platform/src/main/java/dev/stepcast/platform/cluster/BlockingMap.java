package dev.stepcast.platform.cluster;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The little that Vert.x' high availability needs of a synchronous map. Each call waits for Redis:
 * never call it on an event loop.
 */
final class BlockingMap<K, V> extends AbstractMap<K, V> {
  private static final Duration WITHIN = Duration.ofSeconds(10);

  private final RedisMap<K, V> map;

  BlockingMap(RedisMap<K, V> map) {
    this.map = map;
  }

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // Map's own signature
  public @Nullable V get(@Nullable Object key) {
    return await(map.get((K) key));
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return get(key) != null;
  }

  @Override
  public @Nullable V put(K key, V value) {
    return await(map.exchange(key, value));
  }

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // Map's own signature
  public @Nullable V remove(@Nullable Object key) {
    return await(map.remove((K) key));
  }

  @Override
  public void clear() {
    await(map.clear());
  }

  /** A copy. */
  @Override
  public Set<Entry<K, V>> entrySet() {
    return await(map.entries()).entrySet();
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(WITHIN.toMillis(),
          TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
