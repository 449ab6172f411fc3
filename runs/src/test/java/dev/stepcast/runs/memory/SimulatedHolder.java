package dev.stepcast.runs.memory;

import dev.stepcast.runs.store.RunStore.Hold;
import dev.stepcast.runs.store.RunStore.Leased;
import dev.stepcast.runs.store.RunStore.Parking;
import dev.stepcast.runs.store.RunStore.Recording;
import dev.stepcast.runs.store.RunStore.Told;
import dev.stepcast.runs.store.RunStore.Write;
import dev.stepcast.schemas.RunState;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A worker that holds one run of six steps: work, a sleep, a wait, and work again. */
final class SimulatedHolder {
  static final int STEPS = 6;
  private static final int SLEEP = 1;
  private static final int WAIT = 3;

  private final Simulation world;
  private final Leased leased;
  private final Map<String, String> journal = new HashMap<>();
  private long number;
  private long leaseEnd;
  private long frozenUntil;
  private boolean excused;
  private boolean gone;
  private @Nullable Supplier<Future<Recording>> unanswered;

  SimulatedHolder(Simulation world, Leased leased) {
    this.world = world;
    this.leased = leased;
    this.leaseEnd = world.now() + Simulation.LEASE;
    journal.putAll(leased.image().orElseThrow().fields());
  }

  String id() {
    return leased.id();
  }

  boolean gone() {
    return gone;
  }

  /** An operator or a fail-over may fence this holder. */
  void excuse() {
    excused = true;
  }

  void tick() {
    if (world.chance(2)) {
      gone = true; // crashed
      return;
    }
    if (world.chance(2)) {
      frozenUntil = world.now() + Simulation.LEASE * 2; // stopped, and goes on as a zombie
    }
    if (world.now() < frozenUntil && world.faults()) {
      return;
    }
    renew();
    var again = unanswered;
    if (again == null) {
      next();
    } else {
      send(again);
    }
  }

  private void renew() {
    if (world.chance(10) || leaseEnd - world.now() > Simulation.LEASE / 2) {
      return;
    }
    long asked = world.now();
    var lost = world.store.renew(0, List.of(hold(0)), Duration.ofMillis(Simulation.LEASE))
        .result();
    if (lost.isEmpty()) {
      leaseEnd = asked + Simulation.LEASE;
    }
  }

  private void next() {
    int path = 0;
    while (journal.containsKey("j:" + path)) {
      path++;
    }
    long count = ++number;
    if (path == STEPS) {
      send(() -> world.store.finish(hold(count), told("end"), RunState.SUCCEEDED));
    } else if (path == WAIT && !journal.containsKey("w:" + path)) {
      journal.put("w:" + path, "{}");
      send(() -> world.store.step(hold(count),
          new Write(Map.of("w:" + WAIT, "{}"), List.of(new Told("w" + WAIT, "{}")))));
    } else if (path == WAIT) {
      send(() -> world.store.park(hold(count), Write.NOTHING,
          new Parking(RunState.WAITING, Long.MAX_VALUE, Set.of("j:" + WAIT))));
    } else if (path == SLEEP) {
      long until = world.now() + 5_000;
      send(() -> world.store.park(hold(count), entry(SLEEP),
          new Parking(RunState.SLEEPING, until, Set.of())));
    } else {
      int at = path;
      journal.put("j:" + path, "mine");
      send(() -> world.store.step(hold(count), entry(at)));
    }
  }

  private void send(Supplier<Future<Recording>> call) {
    excused |= unanswered != null; // it may have parked the run, and another have taken it
    unanswered = call;
    if (world.chance(5)) {
      return; // the request is lost
    }
    if (world.chance(4)) {
      world.later(() -> call.get().succeeded());
      return;
    }
    var recording = call.get().result();
    if (world.chance(5)) {
      return; // the reply is lost
    }
    unanswered = null;
    heard(recording);
  }

  private void heard(Recording recording) {
    switch (recording) {
      case Recording.Recorded recorded -> journal.putAll(recorded.stands());
      case Recording.LetGo _ -> gone = true;
      case Recording.Fenced() -> {
        gone = true;
        if (!excused && world.now() < leaseEnd) {
          throw new AssertionError(id() + ": a holder was fenced whose lease had not ended: "
              + world.describe(id()) + " for " + hold(number));
        }
      }
    }
  }

  private Hold hold(long count) {
    return new Hold(leased.id(), leased.token(), count);
  }

  private static Write entry(int path) {
    return new Write(Map.of("j:" + path, "{\"n\":\"" + path + "\",\"at\":"),
        List.of(new Told("e" + path, "{}")));
  }

  private static Write told(String event) {
    return new Write(Map.of(), List.of(new Told(event, "{}")));
  }
}
