package dev.stepcast.workflow.execution;

import dev.stepcast.runs.control.Runs.RunConfig;
import dev.stepcast.runs.flow.FlowBook.Acquired;
import dev.stepcast.runs.flow.FlowBook.Claim;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore.Parking;
import dev.stepcast.runs.store.RunStore.Write;
import dev.stepcast.schemas.FlowControl;
import dev.stepcast.schemas.RunState;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A run's share in flow control: it has a slot while it is worked on, and none while it sleeps or
 * waits. That it will owe one is noted before it asks, and whoever takes it asks before it goes on,
 * so a crash in between is put right by whoever takes the run next, or meets its obligations.
 */
final class Slots {
  private final Surroundings around;
  private final @Nullable Claim claim;
  private boolean noted;

  Slots(Surroundings around, RunImage image) {
    FlowControl flow = RunConfig.of(image).flowControl();
    this.around = around;
    this.claim = flow == null ? null : new Claim(flow, image.id(), image.epoch());
    this.noted = image.field(RunImage.UNBLOCKED).orElse("").isEmpty()
        && image.field(RunImage.OWED).filter(owed -> !owed.equals("0")).isPresent();
  }

  /** Whether the run shares a key. */
  boolean any() {
    return claim != null;
  }

  /** Gets a slot; false where the run was left to wait for one. */
  boolean enter(Session session) {
    var asking = claim;
    if (asking == null) {
      return true;
    }
    while (true) {
      note(session);
      switch (join(around.flow().acquire(asking))) {
        case Acquired.Granted _ -> {
          return true;
        }
        case Acquired.Stale _ -> {
          session.await(session.release()); // it was released: the next epoch may ask
          return false;
        }
        case Acquired.Queued(var again, var next) -> {
          tell(next);
          var parking = new Parking(RunState.BLOCKED_BY_FLOW, again, Set.of(RunImage.UNBLOCKED));
          if (!session.park(parking)) {
            return false;
          }
          noted = false;
        }
      }
    }
  }

  /** That it owes a slot, and what it was told before it asks is of no account. */
  private void note(Session session) {
    if (!noted) {
      session.record(new Write(Map.of(RunImage.UNBLOCKED, "", RunImage.OWED, "1"), List.of()));
      noted = true;
    }
  }

  /** Gives the slot back, or leaves the queue; those who have one now come for it. */
  void release() {
    var had = claim;
    if (had != null) {
      tell(join(around.flow().release(had)));
    }
  }

  /** Where one takes no slot, the next one gets it. */
  private void tell(List<String> next) {
    var had = claim;
    var left = new ArrayDeque<>(next);
    while (had != null && !left.isEmpty()) {
      var run = left.remove();
      if (!join(around.store().unblock(run))) {
        left.addAll(join(around.flow().release(new Claim(had.flow(), run, Claim.GONE))));
      }
    }
  }

  private static <T> T join(Future<T> asked) {
    return asked.toCompletionStage().toCompletableFuture().join();
  }
}
