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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What executions need from where they run.
 *
 * @param book           who waits for which event
 * @param flow           who has which slot
 * @param machine        time, threads and chance
 * @param worker         name of this node in timelines
 * @param stepStartAfter steps that take longer tell that they have started
 * @param patience       a run that sleeps or waits longer gives its thread back
 */
public record Surroundings(RunStore store, EventBook book, FlowBook flow, Vertx vertx,
    Machine machine, Live live, World world, String worker, Duration stepStartAfter,
    Duration patience) {

  /** With a timer of its own for each thing that is to be done later. */
  public Surroundings(RunStore store, EventBook book, FlowBook flow, Vertx vertx, Live live,
      World world, String worker, Duration stepStartAfter, Duration patience) {
    this(store, book, flow, vertx, Machine.real(Alarms.exact(vertx)), live, world, worker,
        stepStartAfter, patience);
  }

  /**
   * What executions run on: all that a simulation must draw or give by turns.
   *
   * @param alarms  what is to be done a little later, if it still matters then
   * @param threads those of branches, and how each thread of a run waits
   * @param nanos   time that has passed since some moment
   * @param chance  for pauses between attempts; nothing secret is drawn from it
   */
  public record Machine(Alarms alarms, Threads threads, LongSupplier nanos,
      RandomGenerator chance) {
    /** The machine as it is. */
    public static Machine real(Alarms alarms) {
      return new Machine(alarms, new Threads.Virtual(), System::nanoTime,
          () -> ThreadLocalRandom.current().nextLong());
    }
  }

  /** The threads of a run. They wait for nothing but here, and where their author's code does. */
  public interface Threads {
    /** Begins {@code work} on a thread of its own. */
    void start(String name, Runnable work);

    /** Returns when {@code what} is complete, well or not. */
    void await(Future<?> what) throws InterruptedException;

    /** Returns after a while. */
    void nap(Duration time) throws InterruptedException;

    /** A virtual thread for each. */
    record Virtual() implements Threads {
      @Override
      public void start(String name, Runnable work) {
        Thread.ofVirtual().name(name).start(work);
      }

      @Override
      public void await(Future<?> what) throws InterruptedException {
        if (what.isComplete()) {
          return;
        }
        try {
          what.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException _) {
          // It is complete; who waited for it looks at how.
        }
      }

      @Override
      public void nap(Duration time) throws InterruptedException {
        Thread.sleep(time);
      }
    }
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
    Future<Optional<String>> version(String workflow);

    /** Nodes that have {@code workflow}, by name, with the versions they have. */
    Future<Map<String, Set<String>>> nodes(String workflow);

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
