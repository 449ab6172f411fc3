package dev.stepcast.realtime.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Run with {@code -Dsimulation.seeds=100000} for longer, {@code -Dsimulation.from=} for one. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class FanOutSimulationTest {
  private static final long SEEDS = Long.getLong("simulation.seeds", 150);
  private static final long FROM = Long.getLong("simulation.from", 0);
  private static final int TURNS = 400;
  private static final int SETTLING_MAX = 20_000;
  private static final List<String> CHANNELS = List.of("a", "b");

  @Test
  void each_client_is_told_everything_once_and_in_order_or_of_a_gap() {
    for (long seed = FROM; seed < FROM + SEEDS; seed++) {
      try {
        new World(seed).run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  /** Two nodes of two loops, some clients, one Redis. */
  private static final class World {
    private final Random random;
    private final SimRedis redis = new SimRedis();
    private final List<SimNode> nodes = new ArrayList<>();
    private final List<SimClient> clients = new ArrayList<>();
    /** How nasty this world is: some have no faults at all. */
    private final int nastiness;

    World(long seed) {
      random = new Random(seed);
      nastiness = random.nextInt(4);
      nodes.add(new SimNode(redis, random));
      nodes.add(new SimNode(redis, random));
      for (int i = 0; i < 3; i++) {
        clients.add(new SimClient(redis, wishes()));
      }
    }

    void run() {
      for (int i = 0; i < TURNS; i++) {
        redis.pass(random.nextInt(3) / 2);
        act(random.nextInt(100));
      }
      settle();
      clients.forEach(SimClient::check);
    }

    private SequencedMap<String, String> wishes() {
      SequencedMap<String, String> wishes = new LinkedHashMap<>();
      for (var channel : CHANNELS) {
        if (wishes.isEmpty() || random.nextBoolean()) {
          wishes.put(channel, List.of("", "0", "1000", "1030").get(random.nextInt(4)));
        }
      }
      return wishes;
    }

    private void act(int dice) {
      if (dice < 12) {
        append();
      } else if (dice < 24) {
        client().read(1 + random.nextInt(4));
      } else if (dice < 29) {
        connectSome();
      } else if (dice < 30 + nastiness) {
        fault(random.nextInt(8));
      } else {
        node().turn();
      }
    }

    private void append() {
      var channel = CHANNELS.get(random.nextInt(CHANNELS.size()));
      var message = redis.append(channel);
      for (var node : nodes) {
        if (nastiness == 0 || random.nextInt(10) > 0) {
          node.published(channel, message);
        }
      }
    }

    private void connectSome() {
      var client = client();
      if (!client.isConnected()) {
        client.connect(node().loop(random.nextInt(2)).audience(), redis.clockMs());
      }
    }

    private void fault(int which) {
      switch (which) {
        case 0 -> node().killSession();
        case 1 -> redis.trim(CHANNELS.get(random.nextInt(CHANNELS.size())), random.nextInt(4));
        case 2 -> {
          if (nastiness > 1) {
            redis.lose(random.nextInt(3));
            nodes.forEach(SimNode::killSession);
          }
        }
        case 3 -> restart(random.nextInt(nodes.size()));
        case 4 -> node().goDeaf();
        case 5, 6 -> client().cut();
        default -> nodes.forEach(SimNode::audit);
      }
    }

    private void restart(int number) {
      var dead = nodes.get(number);
      for (var client : clients) {
        client.nodeDied(dead.loop(0).audience());
        client.nodeDied(dead.loop(1).audience());
      }
      nodes.set(number, new SimNode(redis, random));
    }

    /** Nothing new happens; audits find what is still missing. */
    private void settle() {
      for (int round = 0; round < 6; round++) {
        for (var client : clients) {
          if (!client.isConnected()) {
            client.connect(node().loop(0).audience(), redis.clockMs());
          }
        }
        exhaust();
        nodes.forEach(SimNode::audit);
        exhaust();
      }
    }

    private void exhaust() {
      boolean busy = true;
      for (int i = 0; busy; i++) {
        if (i > SETTLING_MAX) {
          throw new AssertionError("never settles");
        }
        busy = false;
        for (var node : nodes) {
          busy |= node.turn();
          node.loop(0).audience().tick(0);
          node.loop(1).audience().tick(0);
        }
        for (var client : clients) {
          busy |= client.read(4);
        }
      }
    }

    private SimNode node() {
      return nodes.get(random.nextInt(nodes.size()));
    }

    private SimClient client() {
      return clients.get(random.nextInt(clients.size()));
    }
  }
}
