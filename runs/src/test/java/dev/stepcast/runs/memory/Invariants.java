package dev.stepcast.runs.memory;

import dev.stepcast.runs.store.RunStore.Leased;
import dev.stepcast.runs.store.RunStore.Told;
import dev.stepcast.schemas.RunState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must hold at every moment, whatever goes wrong. */
final class Invariants {
  private final Map<String, MemoryRun> runs;
  private final Map<String, String> entries = new HashMap<>();
  private final Map<String, RunState> ended = new HashMap<>();
  private final Set<String> tokens = new HashSet<>();

  Invariants(Map<String, MemoryRun> runs) {
    this.runs = runs;
  }

  /** A fail-over lost writes: what was seen since does not count, tokens do. */
  void forget() {
    entries.clear();
    ended.clear();
  }

  void taken(Leased leased, Set<String> paused) {
    check(!paused.contains(leased.id()), leased.id(), "a paused run was taken");
    check(leased.token().equals(Leased.OWES) || tokens.add(leased.token() + leased.id()),
        leased.id(), "a token was given out twice: " + leased.token());
  }

  void hold() {
    runs.values().forEach(this::holds);
  }

  private void holds(MemoryRun run) {
    run.fields.forEach((field, value) -> {
      if (field.startsWith("j:")) {
        var before = entries.putIfAbsent(run.id + field, value);
        check(before == null || before.equals(value), run.id, field + " changed");
        int path = Integer.parseInt(field.substring(2));
        check(path == 0 || run.fields.containsKey("j:" + (path - 1)), run.id,
            "the journal has a hole before " + path);
      }
    });
    var events = new HashSet<String>();
    for (Told told : run.told) {
      check(events.add(told.event()), run.id, told.event() + " was told twice");
    }
    var before = ended.get(run.id);
    check(before == null || before == run.state(), run.id, "an ended state changed");
    if (run.state().ended()) {
      ended.put(run.id, run.state());
      check(run.due == Shelf.NEVER, run.id, "an ended run is due");
    }
    check(run.state() != RunState.PAUSED || run.due == Shelf.NEVER, run.id, "a paused run is due");
    boolean active = run.state() == RunState.QUEUED || run.state() == RunState.RUNNING;
    check(!active || run.due != Shelf.NEVER, run.id, "a run is unended and unreachable");
  }

  boolean allEnded() {
    return runs.values().stream().allMatch(run -> run.state().ended());
  }

  void ended() {
    runs.values().forEach(run -> {
      check(run.state().ended(), run.id, "never ended; it is " + run.state());
      check(run.state() != RunState.SUCCEEDED
          || run.fields.containsKey("j:" + (SimulatedHolder.STEPS - 1)), run.id,
          "ended without its last step");
    });
  }

  private static void check(boolean holds, String run, @Nullable String complaint) {
    if (!holds) {
      throw new AssertionError(run + ": " + complaint);
    }
  }
}
