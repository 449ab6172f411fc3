package dev.stepcast.workflow.execution;

import dev.stepcast.runs.control.Runs.RunConfig;
import dev.stepcast.runs.journal.Note;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore.Parking;
import dev.stepcast.runs.store.RunStore.Told;
import dev.stepcast.runs.store.RunStore.Write;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.RunError;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.Timed;
import dev.stepcast.schemas.Wire;
import dev.stepcast.schemas.WorkflowEvent;
import dev.stepcast.schemas.WorkflowEvents;
import dev.stepcast.workflow.api.WorkflowContext;
import dev.stepcast.workflow.registry.Registry.Known;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings one held run as far as it gets: to its end, or to where it must wait. */
final class Execution {
  private static final Logger log = LoggerFactory.getLogger(Execution.class);

  private final Surroundings around;
  private final Session session;
  private final RunImage image;
  private final Known known;
  private final Values values;
  private final Slots slots;

  /** How far it got. */
  private sealed interface Reached {
    record Answer(Values.Encoded value) implements Reached {}

    record Failure(Throwable cause) implements Reached {}

    record Rest(Parking parking) implements Reached {}

    record Cancel() implements Reached {}
  }

  Execution(Surroundings around, Session session, RunImage image, Known known) {
    this.around = around;
    this.session = session;
    this.image = image;
    this.known = known;
    this.slots = new Slots(around, image);
    this.values = new Values(known.workflow().getClass());
  }

  /** Runs on the calling thread; returns when the run is no longer ours. */
  void run() {
    session.enter();
    try {
      boolean goOn = true;
      while (goOn) {
        session.check();
        goOn = slots.enter(session) && conclude(new Once().reach());
      }
    } catch (Unwinding.Dropped e) {
      log.atDebug().addKeyValue("run", image.id()).addKeyValue("why", e.getMessage())
          .log("run.dropped");
    } finally {
      session.leave();
    }
  }

  private boolean conclude(Reached reached) {
    switch (reached) {
      case Reached.Rest(var parking) -> {
        slots.release();
        return session.park(parking);
      }
      case Reached.Cancel() -> {
        session.settle();
        around.store().cancel(image.id());
        session.drop("canceled by itself");
      }
      case Reached.Answer(var value) -> succeed(value);
      case Reached.Failure(var cause) -> fail(Errors.ofRun(cause));
    }
    return false;
  }

  private void succeed(Values.Encoded answer) {
    var fields = new LinkedHashMap<String, String>();
    boolean alone = image.field(RunImage.INVOKER).isEmpty(); // children have ended, and all waits
    if (session.hasDealt() && !slots.any() && alone) {
      fields.put(RunImage.OWED, "0");
    }
    if (answer.json() != null) {
      RunImage.put(fields, RunImage.RESULT, answer.json().text());
    }
    var event = new WorkflowEvent.RunFinish(
        answer.json() == null ? null : answer.json().forEvent(), Timed.OPEN);
    end(new Write(fields, List.of(
        new Told(WorkflowEvents.RUN_FINISH.name(), Wire.encodeOpen(event)))), RunState.SUCCEEDED,
        alone);
  }

  /** Ends the run; where it owes nothing but its slot, that is given back at once. */
  private void end(Write write, RunState state, boolean alone) {
    if (!slots.any() || !alone) {
      session.finish(write, state);
      return;
    }
    var fields = new LinkedHashMap<>(write.fields());
    fields.put(RunImage.MEETS, "1");
    if (session.finish(new Write(fields, write.told()), state)) {
      new Obligations(around).giveBack(image);
    }
  }

  private void fail(RunError error) {
    boolean alone = !session.hasDealt() && image.field(RunImage.INVOKER).isEmpty()
        && Stream.of(RunImage.CHILD, Note.WAIT).flatMap(image::of).findAny().isEmpty();
    end(failure(error), RunState.FAILED, alone);
    log.atInfo().addKeyValue("run", image.id()).addKeyValue("workflow", image.workflow())
        .addKeyValue("error", error.type()).log("run.failed");
  }

  /** What ends a run as failed. */
  static Write failure(RunError error) {
    var event = new WorkflowEvent.RunFail(error, Timed.OPEN);
    return new Write(Map.of(RunImage.ERROR, Wire.encode(error)),
        List.of(new Told(WorkflowEvents.RUN_FAIL.name(), Wire.encodeOpen(event))));
  }

  /** One replay from the start. */
  private final class Once {
    private final Branches branches = new Branches(session, around.machine().threads());
    private final Waits waits = new Waits(session, around, branches);
    private final Undo undo = new Undo();
    private final RunConfig config = RunConfig.of(image);
    private final Steps steps;
    private final WorkflowContext context;
    private final Around middlewares;

    Once() {
      this.middlewares = new Around(known.workflow().middlewares(), this::context);
      this.steps = new Steps(around, session, waits, values, middlewares, config.retries());
      this.context = new RunContext(around,
          new RunContext.Parts(session, branches, steps, waits, undo,
              new Dealings(around, session, steps, waits, image), image.identity()),
          config);
    }

    private WorkflowContext context() {
      return context;
    }

    Reached reach() {
      try {
        return new Line("").work(this::workflow);
      } catch (Unwinding.Dropped e) {
        throw e;
      } catch (Unwinding.Suspended e) {
        return rest();
      } catch (Unwinding.Canceled e) {
        return new Reached.Cancel();
      } catch (Throwable e) {
        session.check();
        return afterFailure(e);
      }
    }

    private Reached workflow() throws Exception {
      if (image.of("j:").findAny().isEmpty()) {
        middlewares.started();
      }
      var input = values.decode(new RawJson(image.text(RunImage.PAYLOAD)), null,
          known.payload());
      Object answer;
      try {
        answer = known.workflow().run(context, input(input));
      } finally {
        rethrow(branches.awaitAll());
      }
      var encoded = Values.encode(answer); // an answer that cannot be written fails the run
      middlewares.completed(answer);
      return new Reached.Answer(encoded);
    }

    @SuppressWarnings("NullAway") // a run without payload hands its author null
    private Object input(@Nullable Object input) {
      return input;
    }

    private Reached rest() {
      var grave = branches.awaitAll();
      if (grave instanceof Unwinding.Dropped dropped) {
        throw dropped;
      }
      return new Reached.Rest(waits.parking());
    }

    private Reached afterFailure(Throwable cause) {
      try {
        branches.awaitAll();
        new Line(Journal.UNDO).work(() -> {
          undo.run(steps, Line.current());
          return true;
        });
        middlewares.failed(null, cause);
        new Line(Journal.FAILED).work(() -> {
          known.workflow().failed(context, input(values.decode(
              new RawJson(image.text(RunImage.PAYLOAD)), null, known.payload())), cause);
          return true;
        });
        rethrow(branches.awaitAll());
        return new Reached.Failure(cause);
      } catch (Unwinding.Dropped e) {
        throw e;
      } catch (Unwinding.Suspended e) {
        return rest();
      } catch (Throwable e) {
        log.atWarn().addKeyValue("run", image.id()).setCause(e).log("failed-hook.failed");
        return new Reached.Failure(cause);
      }
    }

    private static void rethrow(@Nullable Throwable unwinding) {
      if (unwinding instanceof Unwinding error) {
        throw error;
      }
    }
  }
}
