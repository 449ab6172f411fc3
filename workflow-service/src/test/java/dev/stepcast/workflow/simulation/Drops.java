package dev.stepcast.workflow.simulation;

import dev.stepcast.runs.wake.Bell;
import java.util.Map;

/** A ring that a run was ended; those who are stopped miss it. */
record Drops(Map<String, Holder> latest) implements Bell {
  @Override
  public void due(int partition, String pool, long atMs) {}

  @Override
  public void drop(String run) {
    var holder = latest.get(run);
    if (holder != null && !holder.isFrozen()) {
      holder.drop();
    }
  }

  @Override
  public void missed(int partition) {}
}
