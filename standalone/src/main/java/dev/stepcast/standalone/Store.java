package dev.stepcast.standalone;

import dev.stepcast.platform.embedded.EmbeddedRedis;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Redis that a stand-alone process uses: a given one, or one of its own whose data survives
 * restarts. A data folder belongs to one process at a time.
 */
final class Store implements AutoCloseable {
  private final String url;
  private final String description;
  private final @Nullable EmbeddedRedis embedded;
  private final @Nullable FileChannel lock;

  private Store(String url, String description, @Nullable EmbeddedRedis embedded,
      @Nullable FileChannel lock) {
    this.url = url;
    this.description = description;
    this.embedded = embedded;
    this.lock = lock;
  }

  /**
   * Opens the store.
   *
   * @throws IOException when the folder is in use, or the server does not start
   */
  static Store open(StandaloneConfig config) throws IOException {
    var given = config.redisUrl();
    if (given != null) {
      return new Store(given, "the Redis of REDIS_URL", null, null);
    }
    var dir = config.dataDir();
    Files.createDirectories(dir);
    var lock = lock(dir);
    var redis = EmbeddedRedis.start(new EmbeddedRedis.Options(0, dir, List.of()));
    return new Store(redis.url(), dir + " (an embedded Redis on port " + redis.port() + ")", redis,
        lock);
  }

  private static FileChannel lock(Path dir) throws IOException {
    var channel = FileChannel.open(dir.resolve("lock"), StandardOpenOption.CREATE,
        StandardOpenOption.WRITE);
    FileLock held = channel.tryLock();
    if (held == null) {
      channel.close();
      throw new IOException("DATA_DIR=" + dir + " is in use by another Stepcast;"
          + " stop it, or choose another folder");
    }
    return channel;
  }

  String url() {
    return url;
  }

  /** Where the data is, for people. */
  String description() {
    return description;
  }

  @Override
  public void close() throws IOException {
    if (embedded != null) {
      embedded.close();
    }
    if (lock != null) {
      lock.close();
    }
  }
}
