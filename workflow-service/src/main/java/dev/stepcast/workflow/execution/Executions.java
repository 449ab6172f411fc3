package dev.stepcast.workflow.execution;

import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore.Hold;
import dev.stepcast.runs.store.RunStore.Leased;
import dev.stepcast.schemas.RunError;
import dev.stepcast.schemas.RunState;
import dev.stepcast.workflow.registry.Registry;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The runs that this node holds. */
public final class Executions {
  private static final Logger log = LoggerFactory.getLogger(Executions.class);
  private static final int RECOVERIES_MOST = 5;
  private static final int FRAMES_MOST = 20;

  private final Surroundings around;
  private final Registry registry;
  private final Map<String, Session> held = new ConcurrentHashMap<>();
  private volatile boolean releasing;

  /** Runs what {@code registry} knows. */
  public Executions(Surroundings around, Registry registry) {
    this.around = around;
    this.registry = registry;
  }

  /**
   * Brings a leased run as far as it gets, on a thread of its own.
   *
   * @param nowMs the store's clock when it was leased
   * @param ended told when the run is no longer ours
   */
  public void launch(Leased leased, long nowMs, Runnable ended) {
    var clock = new StoreClock(nowMs, around.machine().nanos());
    Thread.ofVirtual().name(leased.id()).start(() -> {
      try {
        var image = leased.image().orElse(null);
        execute(leased, image == null ? readAll(leased.id()) : image, clock);
      } catch (RuntimeException | Error e) {
        log.atError().addKeyValue("run", leased.id()).setCause(e).log("run.execution-failed");
      } finally {
        ended.run();
      }
    });
  }

  private @Nullable RunImage readAll(String id) {
    return around.store().read(id).toCompletionStage().toCompletableFuture().join().orElse(null);
  }

  private void execute(Leased leased, @Nullable RunImage image, StoreClock clock) {
    if (image == null) {
      return;
    }
    if (leased.token().equals(Leased.OWES)) {
      new Obligations(around).meet(image);
      return;
    }
    var session = new Session(around, new Hold(leased.id(), leased.token(), 0),
        new Journal(image), clock);
    held.put(leased.id(), session);
    if (releasing) {
      session.releaseSoon();
    }
    try {
      var known = registry.find(image.workflow(), image.version());
      if (image.recoveries() >= RECOVERIES_MOST) {
        session.finish(Execution.failure(new RunError("Poisoned", "its worker was lost "
            + image.recoveries() + " times without any progress", null)), RunState.FAILED);
      } else if (known.isEmpty()) {
        new Missing(around).park(session, image);
      } else {
        if (image.recoveries() > 0) {
          session.progressed();
        }
        if (image.field(RunImage.NOTE).filter(note -> !note.isEmpty()).isPresent()) {
          session.defer(Missing.over());
        }
        new Execution(around, session, image, known.get()).run();
      }
    } finally {
      held.remove(leased.id(), session);
    }
  }

  /** The runs under way, with their tokens. */
  public List<Hold> held() {
    return held.values().stream().filter(session -> !session.isDropped()).map(Session::hold)
        .toList();
  }

  /**
   * What one of the threads at work on a run is doing.
   *
   * @param state as {@link Thread.State} has it
   * @param stack its topmost frames, innermost first
   */
  public record Doing(String state, List<String> stack) {}

  /** What is being done with {@code run} this moment; empty where it is not held here. */
  public List<Doing> doing(String run) {
    var session = held.get(run);
    return session == null || session.isDropped() ? List.of()
        : session.threads().stream().map(thread -> new Doing(thread.getState().name(),
            Arrays.stream(thread.getStackTrace()).limit(FRAMES_MOST)
                .map(StackTraceElement::toString).toList()))
            .toList();
  }

  /** Runs are given back as soon as they have recorded the step they are in. */
  public void release() {
    releasing = true;
    held.values().forEach(Session::releaseSoon);
  }

  /** Runs are given back now; a step that is being run goes on elsewhere from its start. */
  public Future<Void> releaseNow() {
    releasing = true;
    return Future.join(held.values().stream().map(Session::release).toList()).otherwiseEmpty()
        .mapEmpty();
  }

  /**
   * Gives {@code run} back, if it is held here, and interrupts its step: that begins anew when
   * somebody takes the run again, which nobody does while it is paused.
   */
  public void giveBack(String run) {
    var session = held.get(run);
    if (session != null) {
      session.release();
    }
  }

  /** A run is ours no longer: interrupts it. */
  public void drop(String run, String why) {
    var session = held.get(run);
    if (session != null) {
      session.drop(why);
    }
  }
}
