package dev.stepcast.runs.schedule;

import dev.stepcast.runs.schedule.Schedules.Plan;
import io.vertx.core.Future;

/** How a tick becomes a run or a message. */
interface Firing {
  /** Starts what {@code plan} says, once for each tick. @return id of the run or message */
  Future<String> fire(Plan plan, long tick);

  /** Whether what {@link #fire} started has not ended. */
  Future<Boolean> live(String run);
}
