package dev.stepcast.bench.fanout;

import dev.stepcast.platform.grant.Grant;
import dev.stepcast.platform.grant.Grants;
import io.vertx.core.Vertx;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code bench/run fanout.FanOut SCENARIO,… both}: one line of a Markdown table for each scenario
 * ({@code all} for all) and transport ({@code ws}, {@code sse}), each against a server of its own.
 */
final class FanOut {
  private static final PrintStream OUT = new PrintStream(new FileOutputStream(FileDescriptor.out),
      true, StandardCharsets.UTF_8);
  private static final int CONNECT_ROUNDS = 8;

  private FanOut() {}

  /** Runs what the arguments name; everything without any. */
  public static void main(String[] args) throws IOException {
    var names = args.length == 0 || args[0].equals("all") ? List.copyOf(Scenario.all().keySet())
        : List.of(args[0].split(","));
    var transports = args.length < 2 || args[1].equals("both") ? List.of("ws", "sse")
        : List.of(args[1]);
    var grant = grant();
    OUT.println("| scenario | transport | what was found | lost | doubled | others' CPU-s |");
    OUT.println("|---|---|---|---|---|---|");
    for (var name : names) {
      for (var transport : transports) {
        try (var server = Server.start()) {
          run(name, transport, server, grant);
        }
      }
    }
    System.exit(0);
  }

  private static String grant() {
    return new Grants(Vertx.vertx(), Server.SECRET.getBytes(StandardCharsets.UTF_8),
        Clock.systemUTC(), false).sign(
            new Grant("bench", "b",
                Instant.now().plusSeconds(3_600), Map.of("room_*", "s")));
  }

  private static void run(String name, String transport, Server server, String grant)
      throws IOException {
    var scenario = Scenario.all().get(name);
    if (scenario == null) {
      throw new IllegalArgumentException("no scenario " + name + "; there are "
          + Scenario.all().keySet());
    }
    var soak = new Soak(scenario, transport.equals("sse"), server);
    switch (name) {
      case "drain" -> row(name, transport, soak.drain());
      case "come-and-go" -> row(name, transport, soak.comeAndGo());
      case "long-history" -> row(name, transport, soak.longHistory());
      default -> measure(scenario, name, transport, server, grant);
    }
  }

  private static void row(String name, String transport, Soak.Found found) {
    row(name, transport, found.words(), String.valueOf(found.lost()),
        String.valueOf(found.doubled()), 0);
  }

  private static void measure(Scenario scenario, String name, String transport, Server server,
      String grant) throws IOException {
    var load = new Load(scenario, transport.equals("sse"), server, grant);
    if (scenario.granted()) {
      connects(name, transport, load, server);
    } else if (scenario.rate() == 0 && scenario.window() == 0) {
      idle(name, transport, load, server);
    } else {
      deliveries(name, transport, load, server);
    }
    load.close();
  }

  private static void connects(String name, String transport, Load load, Server server)
      throws IOException {
    int conns = Scenario.all().get(name).conns();
    var rates = new StringBuilder("per second (and per CPU-second):");
    double others = Server.machineCpu();
    for (int round = 0; round < CONNECT_ROUNDS; round++) {
      double cpu = server.cpu();
      double own = Server.ownCpu();
      double redis = server.redisCpu();
      double secs = load.connectAll();
      cpu = server.cpu() - cpu;
      rates.append(String.format(Locale.ROOT, " %.0f (%.0f)", conns / secs, conns / cpu));
      others += cpu + Server.ownCpu() - own + server.redisCpu() - redis;
      load.closeAll();
      load.idle(500); // the server sees them go
    }
    row(name, transport, rates.toString(), "–", "–", Server.machineCpu() - others);
  }

  private static void idle(String name, String transport, Load load, Server server)
      throws IOException {
    long before = server.rssKb(true);
    load.connectAll();
    load.publishFor(2, 0);
    long after = server.rssKb(true);
    row(name, transport, String.format(Locale.ROOT, "%.1f KiB per connection",
        (after - before) / (double) Scenario.all().get(name).conns()), "–", "–", 0);
  }

  private static void deliveries(String name, String transport, Load load, Server server)
      throws IOException {
    var scenario = Scenario.all().get(name);
    load.connectAll();
    load.warm(scenario.warmSecs());
    long before = server.rssKb(scenario.stalled() > 0);
    double cpu = server.cpu();
    double redis = server.redisCpu();
    var scripts = server.scripts();
    double pages = server.metric("realtime_replay_pages_total");
    double all = Server.machineCpu();
    double own = Server.ownCpu();
    load.publishFor(scenario.secs(), scenario.resetAt());
    cpu = server.cpu() - cpu;
    redis = server.redisCpu() - redis;
    double others = Server.machineCpu() - all - (Server.ownCpu() - own) - cpu - redis;
    long grown = server.rssKb(false) - before;
    long appends = Math.max(1, load.publications());
    double script = server.scripts().since(scripts).microseconds();
    var found = load.settle(scenario.secs());
    var words = String.format(Locale.ROOT,
        "%.2f CPU-s per million, %.0f deliveries/s, p50 %.1f ms, p99 %.1f ms, Redis %.1f µs per"
            + " append, %.1f of it the script's",
        cpu * 1e6 / Math.max(1, found.deliveries()), found.deliveries() / found.secs(),
        found.p50(), found.p99(), redis * 1e6 / appends, script);
    if (scenario.resetAt() > 0) {
      words += String.format(Locale.ROOT, ", back p99 %.0f ms, last %.0f ms, %.0f pages read",
          found.backP99(), found.backLast(), server.metric("realtime_replay_pages_total") - pages);
    }
    if (scenario.stalled() > 0) {
      words += String.format(Locale.ROOT, ", memory %+d MiB", grown / 1024);
    }
    row(name, transport, words, String.valueOf(found.lost()), String.valueOf(found.doubled()),
        others);
  }

  private static void row(String name, String transport, String words, String lost,
      String doubled, double others) {
    OUT.println("| " + name + " | " + transport + " | " + words + " | " + lost + " | " + doubled
        + " | " + String.format(Locale.ROOT, "%.1f", others) + " |");
  }
}
