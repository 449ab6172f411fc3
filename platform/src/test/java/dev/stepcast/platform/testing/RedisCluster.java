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
import java.util.stream.IntStream;

/**
 * A Redis Cluster of our own on loopback: masters that share the 16,384 slots, each with as many
 * replicas as asked for. The servers are those of {@link TestRedis#own}, on free ports; they keep
 * nothing, and end with this process or with {@link #close}. A start takes one to three seconds:
 * share one between the test methods of a class.
 *
 * <pre>{@code
 * try (var cluster = RedisCluster.start(3, 0)) {
 *   var node = RunningNode.start(Map.of("REDIS_URL", cluster.url(), "PARTITIONS", "256"));
 *   cluster.move(cluster.slot("sc:{7}:ch:x"), 0, 2);   // while clients go on
 * }
 * }</pre>
 */
public final class RedisCluster implements AutoCloseable {
  private static final int SLOTS = 16_384;
  private static final Duration WITHIN = Duration.ofSeconds(60);

  private final Path dir;
  private final List<RedisServer> masters = new ArrayList<>();
  private final List<RedisServer> replicas = new ArrayList<>();

  private RedisCluster(Path dir) {
    this.dir = dir;
  }

  /**
   * Starts one and waits until every server serves.
   *
   * @param masters          3 or more; 0 is the first
   * @param replicasOfEach   0, or as many for each master, which take over within seconds when
   *                         their master is killed
   */
  public static RedisCluster start(int masters, int replicasOfEach) {
    try {
      var cluster = new RedisCluster(Files.createTempDirectory("redis-cluster"));
      cluster.grow(masters, replicasOfEach);
      return cluster;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For {@code REDIS_URL}: {@code redis+cluster://} and all masters. */
  public String url() {
    return "redis+cluster://" + masters.stream().map(server -> "127.0.0.1:" + server.port())
        .collect(Collectors.joining(","));
  }

  /** The port of a master, such as for a proxy in front of it. */
  public int port(int master) {
    return masters.get(master).port();
  }

  /** Sends a command to one master alone, and answers its reply, flattened. */
  public List<String> ask(int master, String... words) {
    return masters.get(master).ask(words);
  }

  /** The slot of a key. */
  public int slot(String key) {
    return Integer.parseInt(masters.getFirst().ask("CLUSTER", "KEYSLOT", key).getFirst());
  }

  /** Which master serves {@code slot} now. */
  public int owner(int slot) {
    return IntStream.range(0, masters.size()).filter(i -> {
      var range = masters.get(i).ask("CLUSTER", "NODES").getFirst().lines()
          .filter(line -> line.contains("myself")).findFirst().orElseThrow();
      return List.of(range.split(" ")).stream().skip(8).anyMatch(part -> holds(part, slot));
    }).findFirst().orElseThrow();
  }

  /** Moves a slot with its keys from one master to another, as an operator does, while in use. */
  public void move(int slot, int from, int to) {
    var source = masters.get(from);
    var target = masters.get(to);
    var number = String.valueOf(slot);
    target.ask("CLUSTER", "SETSLOT", number, "IMPORTING", id(source));
    source.ask("CLUSTER", "SETSLOT", number, "MIGRATING", id(target));
    for (var keys = keysIn(source, number); !keys.isEmpty(); keys = keysIn(source, number)) {
      var words = new ArrayList<>(List.of("MIGRATE", "127.0.0.1", String.valueOf(target.port()),
          "", "0", "5000", "KEYS"));
      words.addAll(keys);
      source.ask(words.toArray(String[]::new));
    }
    for (var server : List.of(target, source)) {
      server.ask("CLUSTER", "SETSLOT", number, "NODE", id(target));
    }
  }

  /** Waits until each replica has all that its master had acknowledged before this call. */
  public void awaitReplicas() {
    for (int i = 0; i < replicas.size(); i++) {
      replicas.get(i).awaitAllOf(masters.get(i % masters.size()));
    }
  }

  /** Ends a master without a word (SIGKILL). */
  public void kill(int master) {
    masters.get(master).process().kill();
  }

  /** Waits until some other server has taken over what {@code master} served. */
  public void awaitTakeOver(int master) {
    var others = others(master);
    await().atMost(WITHIN).until(() -> others.stream().allMatch(RedisCluster::serves));
  }

  @Override
  public void close() {
    masters.forEach(server -> server.process().kill());
    replicas.forEach(server -> server.process().kill());
    Folders.delete(dir);
  }

  private void grow(int count, int replicasOfEach) {
    for (int i = 0; i < count * (1 + replicasOfEach); i++) {
      (i < count ? masters : replicas).add(RedisServer.start(dir, List.of(), "--cluster-enabled",
          "yes", "--cluster-config-file", "nodes-" + i + ".conf", "--cluster-node-timeout", "2000",
          "--cluster-port", String.valueOf(RedisServer.freePort()),
          "--repl-diskless-sync-delay", "0"));
    }
    for (int i = 0; i < count; i++) {
      var master = masters.get(i);
      master.ask("CLUSTER", "SET-CONFIG-EPOCH", String.valueOf(i + 1));
      master.ask("CLUSTER", "ADDSLOTSRANGE", String.valueOf(i * SLOTS / count),
          String.valueOf((i + 1) * SLOTS / count - 1));
    }
    all().forEach(this::meetOthers); // left to gossip it takes seconds
    await().atMost(WITHIN).until(() -> all().allMatch(
        server -> serves(server) && knows(server) == (long) count * (1 + replicasOfEach)));
    for (int i = 0; i < replicas.size(); i++) {
      replicas.get(i).ask("CLUSTER", "REPLICATE", id(masters.get(i % count)));
    }
    await().atMost(WITHIN).until(() -> masters.stream().allMatch(
        server -> connected(server) == replicasOfEach));
  }

  private java.util.stream.Stream<RedisServer> all() {
    return java.util.stream.Stream.concat(masters.stream(), replicas.stream());
  }

  private void meetOthers(RedisServer server) {
    all().filter(other -> !other.equals(server)).forEach(other -> server.ask("CLUSTER", "MEET",
        "127.0.0.1", String.valueOf(other.port()), busPort(other)));
  }

  private List<RedisServer> others(int master) {
    return all().filter(server -> !server.equals(masters.get(master))).toList();
  }

  private static boolean holds(String range, int slot) {
    var ends = range.split("-", -1);
    return range.matches("\\d+(-\\d+)?") && Integer.parseInt(ends[0]) <= slot
        && slot <= Integer.parseInt(ends[ends.length - 1]);
  }

  private static String busPort(RedisServer server) {
    return server.ask("CONFIG", "GET", "cluster-port").getLast();
  }

  private static boolean serves(RedisServer server) {
    return server.ask("CLUSTER", "INFO").getFirst().contains("cluster_state:ok");
  }

  private static long knows(RedisServer server) {
    return server.ask("CLUSTER", "NODES").getFirst().lines()
        .filter(line -> !line.contains("handshake")).count();
  }

  private static int connected(RedisServer master) {
    return (int) master.ask("INFO", "replication").getFirst().lines()
        .filter(line -> line.matches("slave\\d+:.*state=online.*")).count();
  }

  private static String id(RedisServer server) {
    return server.ask("CLUSTER", "MYID").getFirst();
  }

  private static List<String> keysIn(RedisServer server, String slot) {
    return server.ask("CLUSTER", "GETKEYSINSLOT", slot, "100");
  }
}
