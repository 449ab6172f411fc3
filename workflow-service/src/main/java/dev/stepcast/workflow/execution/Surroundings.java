package dev.stepcast.workflow.execution;

import dev.stepcast.runs.store.RunStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;

/**
 * What executions need from where they run.
 *
 * @param worker         name of this node in timelines
 * @param stepStartAfter steps that take longer tell that they have started
 * @param patience       a run that sleeps or waits longer gives its thread back
 */
public record Surroundings(RunStore store, Vertx vertx, Live live, String worker,
    Duration stepStartAfter, Duration patience) {

  /** The live side of emits. */
  public interface Live {
    /** Why an event may not be told; empty when it may. */
    Optional<String> complaint(String event, String json);

    /** Tells an event at once; the same {@code key} twice is one event. */
    Future<?> tell(String channel, String event, String json, String key);
  }
}
