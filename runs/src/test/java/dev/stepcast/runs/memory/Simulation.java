package dev.stepcast.runs.memory;

import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.runs.store.RunStore.Delivery;
import dev.stepcast.runs.store.RunStore.NewRun;
import dev.stepcast.runs.store.RunStore.Start;
import dev.stepcast.runs.store.RunStore.Take;
import dev.stepcast.runs.store.RunStore.Told;
import dev.stepcast.schemas.RunState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * A small deployment in which everything that can go wrong does, drawn from one seed: lost requests
 * and replies, late duplicates, crashes, zombies, leases that end under a live holder, operators at
 * any time, fail-overs that lose the last writes.
 */
final class Simulation {
  static final long LEASE = 30_000;
  private static final int RUNS = 4;
  private static final int NODES = 3;
  private static final int ROUNDS = 250;

  final Random random;
  final RunStore store;
  private final Shelf shelf;
  private final Invariants invariants;
  private final List<SimulatedHolder> holders = new ArrayList<>();
  private final List<Late> late = new ArrayList<>();
  private final long[] takes = new long[NODES];
  private Map<String, MemoryRun> saved = Map.of();
  private long now = 1_000_000;
  private boolean faults = true;

  private record Late(long at, Runnable duplicate) {}

  Simulation(long seed, Function<LongSupplier, Shelf> shelves) {
    this.random = new Random(seed);
    this.shelf = shelves.apply(() -> now);
    this.store = new MemoryRunStore(shelf);
    this.invariants = new Invariants(shelf.runs);
  }

  /** Throws an {@link AssertionError} that says what did not hold. */
  void run() {
    for (int i = 0; i < RUNS; i++) {
      store.trigger(new NewRun("wfr_" + i, "h", Optional.empty(), new Start(0, 0), List.of(),
          new Told("workflow.runStart", "{}"), Map.of(RunImage.POOL, "java")));
    }
    saved = copy();
    for (int round = 0; round < ROUNDS; round++) {
      round();
      invariants.hold();
    }
    faults = false;
    settle();
    invariants.ended();
  }

  String describe(String id) {
    var run = shelf.runs.get(id);
    return run == null ? "gone" : run.token + " wrote " + run.writes + ", " + run.fields;
  }

  boolean faults() {
    return faults;
  }

  long now() {
    return now;
  }

  /** Draws true in {@code percent} of cases, while faults are on. */
  boolean chance(int percent) {
    return faults && random.nextInt(100) < percent;
  }

  /** A command of a dead connection, applied after its resend. */
  void later(Runnable duplicate) {
    late.add(new Late(now + random.nextInt(40_000), duplicate));
  }

  private void round() {
    now += random.nextInt(2_000);
    if (chance(3)) {
      now += LEASE;
    }
    late.removeIf(one -> {
      if (one.at() <= now) {
        one.duplicate().run();
      }
      return one.at() <= now;
    });
    operate();
    for (int node = 0; node < NODES; node++) {
      take(node);
    }
    for (var holder : List.copyOf(holders)) {
      if (holder.gone()) {
        holders.remove(holder);
      } else {
        holder.tick();
      }
    }
  }

  private void operate() {
    var id = "wfr_" + random.nextInt(RUNS);
    if (chance(1) && random.nextInt(3) == 0) {
      excuse(id);
      store.cancel(id);
    } else if (chance(3)) {
      excuse(id);
      store.pause(id);
    } else if (chance(6) || !faults) {
      store.unpause(id);
    }
    deliver(id);
    if (chance(4)) {
      saved = copy();
    } else if (chance(2)) {
      failOver();
    }
  }

  private void deliver(String id) {
    var run = shelf.runs.get(id);
    if (run == null) {
      return;
    }
    for (var field : List.copyOf(run.fields.keySet())) {
      if (field.startsWith("w:") && (!faults || chance(15))) {
        var delivery = new Delivery(id, field.substring(2), "{\"n\":\"sent\",\"at\":",
            Optional.empty(), new Told("e" + field.substring(2), "{}"));
        store.deliver(delivery);
        if (chance(20)) {
          later(() -> store.deliver(delivery));
        }
      }
    }
  }

  /** The last writes are lost, and with them what holders think they have. */
  private void failOver() {
    for (int i = 0; i < RUNS; i++) {
      excuse("wfr_" + i);
    }
    shelf.runs.clear();
    saved.forEach((id, run) -> shelf.runs.put(id, run.copy()));
    invariants.forget();
  }

  private void excuse(String id) {
    holders.stream().filter(holder -> holder.id().equals(id)).forEach(SimulatedHolder::excuse);
  }

  private Map<String, MemoryRun> copy() {
    var copies = new HashMap<String, MemoryRun>();
    shelf.runs.forEach((id, run) -> copies.put(id, run.copy()));
    return copies;
  }

  private void take(int node) {
    var before = new HashSet<String>();
    shelf.runs.values().stream().filter(run -> run.state() == RunState.PAUSED)
        .forEach(run -> before.add(run.id));
    var take = new Take(0, "java", 2, "n" + node, ++takes[node], Duration.ofMillis(LEASE));
    if (chance(3)) {
      later(() -> store.take(take));
    }
    if (chance(3)) {
      store.take(take); // its reply is lost, and it is sent again
    }
    for (var leased : store.take(take).result().runs()) {
      invariants.taken(leased, before);
      if (!leased.token().equals(RunStore.Leased.OWES)) {
        holders.add(new SimulatedHolder(this, leased));
      }
    }
  }

  /** Without faults and with an operator who unpauses, everything must come to its end. */
  private void settle() {
    for (int round = 0; round < 3_000 && !invariants.allEnded(); round++) {
      now += LEASE / 4;
      for (int i = 0; i < RUNS; i++) {
        store.unpause("wfr_" + i);
        deliver("wfr_" + i);
      }
      round();
    }
  }
}
