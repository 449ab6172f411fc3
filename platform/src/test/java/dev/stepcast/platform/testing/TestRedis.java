package dev.stepcast.platform.testing;

import dev.stepcast.platform.embedded.EmbeddedRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Real Redis for tests: {@code REDIS_URL}, else a container where Docker answers, else the embedded
 * binary; one per JVM. Tests do not get in each other's way because each takes its own
 * {@link #prefix}.
 */
public final class TestRedis {
  private static final int PORT = 6379;
  private static final AtomicInteger PREFIXES = new AtomicInteger();
  private static @Nullable String url;

  private TestRedis() {}

  /** The shared server's URL; started on first use, ends with the JVM. */
  public static synchronized String url() {
    var known = url;
    if (known == null) {
      known = found();
      url = known;
    }
    return known;
  }

  /** A key prefix that no other test of this run uses. */
  public static String prefix() {
    return "t" + ProcessHandle.current().pid() + "-" + PREFIXES.incrementAndGet();
  }

  /**
   * A server of the test's own, which it may {@link EmbeddedRedis#kill} and start again on the same
   * port and folder: always the embedded binary, whatever {@code REDIS_URL} says.
   */
  public static EmbeddedRedis own(int port, Path dataDir, String... options) {
    try {
      return EmbeddedRedis
          .start(new EmbeddedRedis.Options(port, dataDir, List.of(options)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("resource") // Testcontainers' reaper ends the container with the JVM
  private static String found() {
    var given = System.getenv("REDIS_URL");
    if (given != null && !given.isBlank()) {
      return given;
    }
    if (DockerClientFactory.instance().isDockerAvailable()) {
      var container = new GenericContainer<>(DockerImageName.parse("redis:7.2-alpine"))
          .withExposedPorts(PORT);
      container.start();
      return "redis://" + container.getHost() + ":" + container.getMappedPort(PORT);
    }
    try {
      return EmbeddedRedis.start(EmbeddedRedis.Options.inMemory()).url();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
