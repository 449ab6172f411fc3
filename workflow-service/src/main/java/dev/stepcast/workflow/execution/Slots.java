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
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A run's share in flow control: it has a slot while it is worked on, and none while it sleeps or
 * waits. That it will owe one is noted before it asks, that it has one before it is used, and that
 * it has none before it is given back, so a crash in between is put right by whoever takes the run
 * next, or meets its obligations.
 */
final class Slots {
  private final Surroundings around;
  private final @Nullable Claim claim;

  Slots(Surroundings around, RunImage image) {
    FlowControl flow = RunConfig.of(image).flowControl();
    this.around = around;
    this.claim = flow == null ? null : new Claim(flow, image.id(), image.epoch());
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
      session.record(new Write(Map.of(RunImage.UNBLOCKED, "", RunImage.OWED, "1"), List.of()));
      switch (join(around.flow().acquire(asking))) {
        case Acquired.Granted _ -> {
          session.record(new Write(Map.of(RunImage.SLOT, String.valueOf(asking.epoch())),
              List.of()));
          return true;
        }
        case Acquired.Stale _ -> {
          session.drop("its slot was released");
          return false;
        }
        case Acquired.Queued(var again, var first) -> {
          first.stream().filter(run -> !run.equals(asking.run())).forEach(this::unblock);
          var parking = new Parking(RunState.BLOCKED_BY_FLOW, again, Set.of(RunImage.UNBLOCKED));
          if (!session.park(parking)) {
            return false;
          }
        }
      }
    }
  }

  /** Gives the slot back before the run is left alone. */
  void leave(Session session) {
    if (claim != null) {
      session.record(new Write(Map.of(RunImage.SLOT, ""), List.of()));
      release();
    }
  }

  /** Gives the slot back, or leaves the queue; those who are next go and ask. */
  void release() {
    var had = claim;
    if (had != null) {
      join(around.flow().release(had)).forEach(this::unblock);
    }
  }

  /** One that has ended leaves the queue, and lets the next one pass. */
  private void unblock(String run) {
    var had = claim;
    if (had != null && !join(around.store().unblock(run))) {
      join(around.flow().release(new Claim(had.flow(), run, Long.MAX_VALUE >> 12)))
          .forEach(next -> join(around.store().unblock(next)));
    }
  }

  private static <T> T join(Future<T> asked) {
    return asked.toCompletionStage().toCompletableFuture().join();
  }
}
