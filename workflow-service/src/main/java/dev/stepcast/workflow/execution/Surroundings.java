package dev.stepcast.workflow.execution;

import dev.stepcast.runs.event.EventBook;
import dev.stepcast.runs.flow.FlowBook;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.workflow.api.WorkflowContext.Call;
import dev.stepcast.workflow.api.WorkflowContext.Reply;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What executions need from where they run.
 *
 * @param book           who waits for which event
 * @param flow           who has which slot
 * @param alarms         what is to be done a little later, if it still matters then
 * @param worker         name of this node in timelines
 * @param stepStartAfter steps that take longer tell that they have started
 * @param patience       a run that sleeps or waits longer gives its thread back
 */
public record Surroundings(RunStore store, EventBook book, FlowBook flow, Vertx vertx,
    Alarms alarms, Live live, World world, String worker, Duration stepStartAfter,
    Duration patience) {

  /** With a timer of its own for each thing that is to be done later. */
  public Surroundings(RunStore store, EventBook book, FlowBook flow, Vertx vertx, Live live,
      World world, String worker, Duration stepStartAfter, Duration patience) {
    this(store, book, flow, vertx, Alarms.exact(vertx), live, world, worker, stepStartAfter,
        patience);
  }

  /** Does things later. */
  public interface Alarms {
    /** Does {@code what} in so many milliseconds or a little later, on any thread. */
    Alarm in(long delayMs, Runnable what);

    /** Something that will be done. */
    interface Alarm {
      /** Calls it off; without effect once it was done. */
      void off();
    }

    /** A timer for each. */
    static Alarms exact(Vertx vertx) {
      return (delayMs, what) -> {
        long timer = vertx.setTimer(Math.max(1, delayMs), _ -> what.run());
        return () -> vertx.cancelTimer(timer);
      };
    }

    /** One timer for all of the same delay: cheap where most are called off. */
    static Alarms shared(Vertx vertx) {
      var byDelay = new ConcurrentHashMap<Long, Later>();
      return (delayMs, what) -> byDelay
          .computeIfAbsent(delayMs, delay -> new Later(vertx, Math.max(1, delay))).add(what);
    }
  }

  /** The world outside of the run. */
  public interface World {
    /** The version that new runs of a workflow begin with; empty for one that nobody knows. */
    Optional<String> version(String workflow);

    /** Why {@code payload} does not fit the workflow's schema; empty where it does. */
    default Optional<String> complaint(String workflow, RawJson payload) {
      return Optional.empty();
    }

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
