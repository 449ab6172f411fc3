package dev.stepcast.platform.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A master and a replica watched by sentinels, all of our own on loopback. Kill the master, and the
 * replica takes over within some five seconds. The servers keep nothing and end with this process
 * or with {@link #close}.
 *
 * <pre>{@code
 * try (var group = RedisSentinel.start(3)) {
 *   var node = RunningNode.start(Map.of("REDIS_URL", group.url()));
 *   group.killMaster();
 *   group.awaitTakeOver();
 * }
 * }</pre>
 *
 * <p>A replica that takes over lacks what the master had acknowledged and not yet sent to it: wait
 * with {@link #awaitReplica} before a kill whose loss is not what is tested.
 */
public final class RedisSentinel implements AutoCloseable {
  private static final Duration WITHIN = Duration.ofSeconds(60);
  private static final String NAME = "stepcast";

  private final Path dir;
  private final RedisServer master;
  private final RedisServer replica;
  private final List<RedisServer> sentinels = new ArrayList<>();

  private RedisSentinel(Path dir) {
    this.dir = dir;
    this.master = RedisServer.start(dir, List.of(), "--repl-diskless-sync-delay", "0");
    this.replica = RedisServer.start(dir, List.of(), "--replicaof",
        "127.0.0.1 " + master.port());
  }

  /** Starts the two servers and {@code sentinels} sentinels, of which most must agree. */
  public static RedisSentinel start(int sentinels) {
    try {
      var group = new RedisSentinel(Files.createTempDirectory("redis-sentinel"));
      group.awaitReplica();
      for (int i = 0; i < sentinels; i++) {
        group.watch(sentinels / 2 + 1);
      }
      await().atMost(WITHIN).until(() -> group.sentinels.stream().allMatch(
          sentinel -> group.knows(sentinel, sentinels)));
      return group;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For {@code REDIS_URL}: {@code redis+sentinel://}, the sentinels and the group's name. */
  public String url() {
    return "redis+sentinel://" + sentinels.stream()
        .map(sentinel -> "127.0.0.1:" + sentinel.port()).collect(Collectors.joining(","))
        + "/" + NAME;
  }

  /** Waits until the replica has all that the master acknowledged before this call. */
  public void awaitReplica() {
    replica.awaitAllOf(master);
  }

  /** Ends the master without a word (SIGKILL). */
  public void killMaster() {
    master.process().kill();
  }

  /** Waits until the replica is the master and every sentinel says so. */
  public void awaitTakeOver() {
    await().atMost(WITHIN).until(() -> replica.ask("ROLE").getFirst().equals("master")
        && sentinels.stream().allMatch(sentinel -> sentinel
            .ask("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME).getLast()
            .equals(String.valueOf(replica.port()))));
  }

  @Override
  public void close() {
    sentinels.forEach(sentinel -> sentinel.process().kill());
    replica.process().kill();
    master.process().kill();
    Folders.delete(dir);
  }

  private void watch(int quorum) throws IOException {
    var file = dir.resolve("sentinel-" + sentinels.size() + ".conf");
    Files.writeString(file, """
      sentinel monitor %1$s 127.0.0.1 %2$d %3$d
      sentinel down-after-milliseconds %1$s 1000
      sentinel failover-timeout %1$s 5000
      """.formatted(NAME, master.port(), quorum));
    sentinels.add(RedisServer.start(dir, List.of(file.toString()), "--sentinel"));
  }

  private boolean knows(RedisServer sentinel, int count) {
    var facts = sentinel.ask("SENTINEL", "MASTER", NAME);
    return fact(facts, "num-slaves").equals("1")
        && fact(facts, "num-other-sentinels").equals(String.valueOf(count - 1));
  }

  private static String fact(List<String> facts, String name) {
    return facts.get(facts.indexOf(name) + 1);
  }
}
