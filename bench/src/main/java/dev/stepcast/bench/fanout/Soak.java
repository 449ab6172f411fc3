package dev.stepcast.bench.fanout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** What takes several servers, or is about what is left behind. */
final class Soak {
  private static final int ROUNDS = 10;
  private static final int READ_WITHIN_SECS = 170;
  private static final int BACK_WITHIN_MS = 40_000;

  private final Scenario scenario;
  private final boolean sse;
  private final Server server;

  /** What was found: {@code words} about it, and what no run may have. */
  record Found(String words, long lost, long doubled) {}

  Soak(Scenario scenario, boolean sse, Server server) {
    this.scenario = scenario;
    this.sse = sse;
    this.server = server;
  }

  /** Two replicas are restarted one after the other, while events go on. */
  Found drain() throws IOException {
    var ports = new AtomicIntegerArray(2);
    var replicas = new Server[]{server, server.beside()};
    ports.set(0, replicas[0].port());
    ports.set(1, replicas[1].port());
    var load = new Load(scenario, sse, ports, server.redisPort(), "");
    load.connectAll();
    load.warm(scenario.warmSecs());
    var words = new StringBuilder("most connects in 100 ms:");
    for (int i = 0; i < replicas.length; i++) {
      load.rush();
      int number = i;
      var restarted = CompletableFuture.runAsync(() -> restart(replicas, number, ports));
      load.publishFor(scenario.secs(), 0, restarted::isDone);
      restarted.join();
      words.append(' ').append(load.rush());
    }
    long events = load.publications();
    var found = load.settle(1);
    load.close();
    replicas[0].drain();
    replicas[1].drain();
    return new Found(String.format(Locale.ROOT, "%s, %d events since the last restart, p99 %.0f ms",
        words, events, found.p99()), found.lost(), found.doubled());
  }

  private static void restart(Server[] replicas, int number, AtomicIntegerArray ports) {
    try {
      replicas[number].drain();
      replicas[number] = replicas[number].beside();
      ports.set(number, replicas[number].port());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Connects and disconnects; what is left when all are gone. */
  Found comeAndGo() throws IOException {
    var load = new Load(scenario, sse, server, "");
    load.connectAll();
    load.closeAll();
    awaitEmpty(load);
    long before = server.rssKb(true);
    long live = server.liveKb();
    for (int round = 0; round < ROUNDS; round++) {
      load.connectAll();
      load.closeAll();
    }
    double connections = awaitEmpty(load);
    var words = String.format(Locale.ROOT, "%d connects; then %.0f connections, %.0f channels,"
        + " %.0f PUBSUB CHANNELS, resident memory %+d KiB, live heap %+d KiB",
        ROUNDS * scenario.conns(), connections, server.metric("realtime_channels"),
        server.redisInfo("stats", "pubsub_channels:"),
        server.rssKb(true) - before, server.liveKb() - live);
    load.close();
    return new Found(words, 0, 0);
  }

  /** The node lingers for ten seconds on a channel. */
  private double awaitEmpty(Load load) throws IOException {
    double left = 1;
    for (int ms = 0; left > 0 && ms < BACK_WITHIN_MS; ms += 500) {
      load.idle(500);
      left = server.metric("realtime_connections") + server.metric("realtime_channels");
    }
    return server.metric("realtime_connections");
  }

  /** Many read a long history at once. */
  Found longHistory() throws IOException {
    var load = new Load(scenario, sse, server, "");
    load.publishHistory();
    long before = server.rssKb(true);
    double cpu = server.cpu();
    double redis = server.redisCpu();
    long began = System.nanoTime();
    load.connectAll();
    long lost = load.readAll(READ_WITHIN_SECS);
    double secs = (System.nanoTime() - began) / 1e9;
    var words = String.format(Locale.ROOT, "%d deliveries in %.0f s, %.2f CPU-s per million, %.0f"
        + " pages, Redis %.1f CPU-s, memory %+d MiB", load.deliveries(), secs,
        (server.cpu() - cpu) * 1e6 / load.deliveries(),
        server.metric("realtime_replay_pages_total"), server.redisCpu() - redis,
        (server.rssKb(false) - before) / 1_024);
    long doubled = load.doubled();
    load.close();
    return new Found(words, lost, doubled);
  }
}
