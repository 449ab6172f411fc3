package dev.stepcast.workflow.execution;

import dev.stepcast.runs.journal.Entry;
import dev.stepcast.runs.journal.Note;
import dev.stepcast.runs.store.RunStore.Told;
import dev.stepcast.runs.store.RunStore.Write;
import dev.stepcast.schemas.Attempt;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.StepError;
import dev.stepcast.schemas.Timed;
import dev.stepcast.schemas.Wire;
import dev.stepcast.schemas.WorkflowEvent;
import dev.stepcast.schemas.WorkflowEvents;
import dev.stepcast.workflow.api.WorkflowContext.Body;
import dev.stepcast.workflow.api.WorkflowContext.StepFailed;
import dev.stepcast.workflow.api.failure.NonRetryable;
import dev.stepcast.workflow.api.failure.RetryAfter;
import dev.stepcast.workflow.api.step.Step;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs steps: once where the journal has them, else until they succeed or may not be tried. */
final class Steps {
  private static final Logger log = LoggerFactory.getLogger(Steps.class);
  private static final int RETRIES = 3;
  private static final StepError IGNORED = new StepError("InterruptionIgnored",
      "its time is over and it was interrupted, but it goes on");

  private final Surroundings around;
  private final Session session;
  private final Waits waits;
  private final Values values;
  private final Around middlewares;
  private final int retries;

  /**
   * A step as its author asked for it.
   *
   * @param type what answers are read back as; null: as the journal says
   */
  record Asked(String name, String kind, Step how, @Nullable Type type, Body<?> body) {}

  private record Try(Asked asked, Line branch, String path, Entry.Step step) {}

  Steps(Surroundings around, Session session, Waits waits, Values values, Around middlewares,
      @Nullable Integer retries) {
    this.around = around;
    this.session = session;
    this.waits = waits;
    this.values = values;
    this.middlewares = middlewares;
    this.retries = retries == null ? RETRIES : retries;
  }

  /** The step's answer, recorded. */
  @Nullable
  Object run(Line branch, Asked asked) {
    session.check();
    var path = branch.next();
    return runAt(branch, path, asked);
  }

  /** As above, at a path of the caller's own. */
  @Nullable
  Object runAt(Line branch, String path, Asked asked) {
    var step = session.journal().step(path, asked.name(), asked.kind());
    var entry = session.journal().entry(path);
    return entry.isPresent() ? answer(entry.get(), asked.type())
        : attempt(new Try(asked, branch, path, step));
  }

  /** Puts a value into the journal without running anything that may fail. */
  @Nullable
  Object value(Line branch, Asked asked) {
    session.check();
    var path = branch.next();
    var step = session.journal().step(path, asked.name(), asked.kind());
    var entry = session.journal().entry(path);
    if (entry.isPresent()) {
      return answer(entry.get(), asked.type());
    }
    try {
      var encoded = Values.encode(asked.body().run());
      var fresh = Entry.succeeded(step, new Entry.Run(1, 0, around.worker()), encoded.json(),
          values.near(encoded.kind()));
      session.defer(new Write(entered(path, fresh), List.of()));
      return answer(fresh, asked.type());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Nullable
  Object answer(Entry entry, @Nullable Type type) {
    var error = entry.error();
    if (error != null) {
      throw new StepFailed(entry.name(), error.type(), error.message());
    }
    return values.decode(entry.result(), entry.kind(), type);
  }

  /** Fields of a write with this entry, of which the journal knows from now on. */
  Map<String, String> entered(String path, Entry entry) {
    var fields = new LinkedHashMap<String, String>();
    entry.putInto(fields, path);
    session.journal().add(path, entry, fields.values().stream().mapToInt(String::length).sum());
    return fields;
  }

  private @Nullable Object attempt(Try one) {
    var note = session.journal().note(one.path()).map(Note::takenOver)
        .orElseGet(() -> Note.of(one.step()));
    while (true) {
      var due = note.until();
      if (due != null) {
        waits.until(due, RunState.BACKING_OFF, java.util.Set.of());
      }
      int attempt = note.ended() + 1;
      session.settle();
      long began = around.machine().nanos().getAsLong();
      try {
        var answer = execute(one, note, attempt);
        return succeeded(one, note, new Entry.Run(attempt, millisSince(began), around.worker()),
            answer);
      } catch (Unwinding e) {
        throw e;
      } catch (Throwable e) {
        session.check();
        note = failed(one, note, new Entry.Run(attempt, millisSince(began), around.worker()), e);
      }
    }
  }

  private long millisSince(long nanos) {
    return (around.machine().nanos().getAsLong() - nanos) / 1_000_000;
  }

  private Values.Encoded execute(Try one, Note note, int attempt) throws Exception {
    one.branch().begin(new Line.At(one.path(), one.step(), attempt));
    long slowMs = around.stepStartAfter().toMillis();
    var slow = around.machine().alarms().in(slowMs, () -> tellStarted(one, note,
        new Attempt(attempt, session.clock().now() - slowMs, null, around.worker(), null, null)));
    var limit = one.asked().how().timeoutAfter().map(after -> Interrupt.in(around.vertx(), after,
        () -> tellStarted(one, note, new Attempt(attempt, session.clock().now() - after.toMillis(),
            null, around.worker(), IGNORED, null))));
    try {
      middlewares.before(one.step().name());
      var answer = one.asked().body().run();
      middlewares.after(one.step().name(), answer);
      return Values.encode(answer);
    } catch (Exception e) {
      if (limit.isPresent() && limit.get().struck() && !session.isDropped()) {
        throw new java.util.concurrent.TimeoutException("interrupted after "
            + one.asked().how().timeoutAfter().orElseThrow());
      }
      throw e;
    } finally {
      limit.ifPresent(Interrupt::off);
      slow.off();
      one.branch().end();
    }
  }

  private void tellStarted(Try one, Note note, Attempt attempt) {
    var open = note.plus(attempt, null);
    var event = new WorkflowEvent.StepStart(one.step().name(), one.step().index(),
        attempt.attempt(), Timed.OPEN);
    around.store().begin(session.hold(), one.path(), Wire.encode(open),
        new Told(WorkflowEvents.STEP_START.name(), Wire.encodeOpen(event)));
  }

  private @Nullable Object succeeded(Try one, Note before, Entry.Run run,
      Values.Encoded answer) {
    var entry = Entry.succeeded(one.step(), run, answer.json(), values.near(answer.kind()));
    var event = new WorkflowEvent.StepFinish(one.step().name(), one.step().index(), run.attempt(),
        run.tookMs(), answer.json() == null ? null : answer.json().forEvent(), Timed.OPEN);
    var fields = entered(one.path(), entry);
    if (before.lost() > 0) {
      fields.put(Note.ATTEMPTS + one.path(), Wire.encode(before));
    }
    session.defer(new Write(fields, List.of(
        new Told(WorkflowEvents.STEP_FINISH.name(), Wire.encodeOpen(event)))));
    return answer(entry, one.asked().type());
  }

  /** Notes the attempt; throws where it was the last one. */
  private Note failed(Try one, Note before, Entry.Run run, Throwable cause) {
    middlewares.failed(one.step().name(), cause);
    var error = Errors.of(cause);
    var pause = pause(one.asked().how(), run.attempt() - before.lost(), cause);
    var next = pause.map(after -> session.clock().now() + after.toMillis()).orElse(null);
    var note = before.plus(new Attempt(run.attempt(), session.clock().now() - run.tookMs(),
        run.tookMs(), around.worker(), error, Errors.stack(cause)), next);
    var event = new WorkflowEvent.StepFail(one.step().name(), one.step().index(), run.attempt(),
        error, next, Timed.OPEN);
    var told = List.of(new Told(WorkflowEvents.STEP_FAIL.name(), Wire.encodeOpen(event)));
    var fields = new LinkedHashMap<String, String>();
    fields.put(Note.ATTEMPTS + one.path(), Wire.encode(note));
    session.journal().note(one.path(), note);
    if (next != null) {
      session.defer(new Write(fields, told));
      return note;
    }
    var entry = Entry.failed(one.step(), run, error);
    fields.putAll(entered(one.path(), entry));
    session.defer(new Write(fields, told));
    log.atDebug().addKeyValue("run", session.hold().id()).addKeyValue("step", one.step().name())
        .addKeyValue("error", error.message()).log("step.failed");
    throw new StepFailed(one.step().name(), error.type(), error.message());
  }

  /** How long until the next attempt; empty when there is none. */
  private Optional<Duration> pause(Step how, int attempt, Throwable cause) {
    boolean hopeless = cause instanceof NonRetryable || cause instanceof Line.Nested;
    if (hopeless || attempt > how.retriesMost().orElse(retries)) {
      return Optional.empty();
    }
    if (cause instanceof RetryAfter said) {
      return Optional.of(said.after());
    }
    double doubled = how.firstDelay().toMillis() * Math.pow(2, Math.min(attempt - 1, 40));
    long most = Math.min(Math.round(doubled), how.delayMost().toMillis());
    return Optional.of(Duration.ofMillis(
        most / 2 + around.machine().chance().nextLong(most / 2 + 1)));
  }
}
