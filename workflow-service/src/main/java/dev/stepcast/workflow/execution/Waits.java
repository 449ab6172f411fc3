package dev.stepcast.workflow.execution;

import dev.stepcast.runs.journal.Entry;
import dev.stepcast.runs.store.RunStore.Parking;
import dev.stepcast.runs.store.RunStore.Told;
import dev.stepcast.runs.store.RunStore.Write;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.Timed;
import dev.stepcast.schemas.Wire;
import dev.stepcast.schemas.WorkflowEvent;
import dev.stepcast.schemas.WorkflowEvents;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a run waits for: short waits on its thread, longer ones without. */
final class Waits {
  /** How often a branch that waits looks whether it is the last one. */
  private static final long LOOK_MS = 500;

  private final Session session;
  private final Branches branches;
  private final Surroundings around;
  private final Set<String> awaited = new HashSet<>();
  private RunState state = RunState.QUEUED;
  private long untilMs = Long.MAX_VALUE;

  Waits(Session session, Surroundings around, Branches branches) {
    this.session = session;
    this.branches = branches;
    this.around = around;
  }

  /** Returns at {@code ms}, or unwinds the caller so that the run is taken again then. */
  void until(long ms, RunState meanwhile, Set<String> fields) {
    long left = ms - session.clock().now();
    if (left <= 0) {
      return;
    }
    if (left > around.patience().toMillis() && branches.othersBusy() == 0) {
      suspend(ms, meanwhile, fields);
    }
    branches.idle(() -> nap(Duration.ofMillis(Math.min(left, LOOK_MS))));
    until(ms, meanwhile, fields);
  }

  /** Unwinds the caller until {@code ms}, or until a field is there if that is sooner. */
  private synchronized void suspend(long ms, RunState meanwhile, Set<String> fields) {
    awaited.addAll(fields);
    if (ms <= untilMs) {
      untilMs = ms;
      state = meanwhile;
    }
    throw new Unwinding.Suspended();
  }

  /** How to leave the run, after every branch of it has suspended; starts afresh. */
  synchronized Parking parking() {
    var parking = new Parking(state, untilMs, Set.copyOf(awaited));
    awaited.clear();
    untilMs = Long.MAX_VALUE;
    state = RunState.QUEUED;
    return parking;
  }

  /** A sleep: its end is drawn once and recorded before it begins. */
  void sleep(Line branch, String name, Duration duration, long notBeforeMs) {
    session.check();
    var path = branch.next();
    var step = session.journal().step(path, name, "sleep");
    var known = session.journal().entry(path).map(Entry::until);
    if (known.isEmpty()) {
      long until = Math.max(notBeforeMs, session.clock().now() + duration.toMillis());
      var entry = Entry.sleeping(step, around.worker(), until);
      var fields = new java.util.LinkedHashMap<String, String>();
      entry.putInto(fields, path);
      session.journal().add(path, entry, 0);
      var event = new WorkflowEvent.RunSleep(name, step.index(), until, Timed.OPEN);
      session.defer(new Write(fields, List.of(
          new Told(WorkflowEvents.RUN_SLEEP.name(), Wire.encodeOpen(event)))));
    }
    long end = session.journal().entry(path).map(Entry::until).orElseThrow();
    until(end, RunState.SLEEPING, Set.of());
  }

  private void nap(Duration left) {
    try {
      around.machine().threads().nap(left);
    } catch (InterruptedException e) {
      session.check();
    }
  }
}
