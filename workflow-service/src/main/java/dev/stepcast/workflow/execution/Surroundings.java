package dev.stepcast.workflow.execution;

import dev.stepcast.runs.event.EventBook;
import dev.stepcast.runs.flow.FlowBook;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.workflow.api.WorkflowContext.Call;
import dev.stepcast.workflow.api.WorkflowContext.Reply;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;

/**
 * What executions need from where they run.
 *
 * @param book           who waits for which event
 * @param flow           who has which slot
 * @param worker         name of this node in timelines
 * @param stepStartAfter steps that take longer tell that they have started
 * @param patience       a run that sleeps or waits longer gives its thread back
 */
public record Surroundings(RunStore store, EventBook book, FlowBook flow, Vertx vertx, Live live,
    World world,
    String worker, Duration stepStartAfter, Duration patience) {

  /** The world outside of the run. */
  public interface World {
    /** The version that new runs of a workflow begin with; empty for one that nobody knows. */
    Optional<String> version(String workflow);

    /** Calls over HTTP; {@code key} goes along as a header. */
    Reply call(Call call, String key) throws Exception;
  }

  /** The live side of emits. */
  public interface Live {
    /** Why an event may not be told; empty when it may. */
    Optional<String> complaint(String event, String json);

    /** Tells an event at once; the same {@code key} twice is one event. */
    Future<?> tell(String channel, String event, String json, String key);
  }
}
