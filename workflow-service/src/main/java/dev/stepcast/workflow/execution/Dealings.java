package dev.stepcast.workflow.execution;

import dev.stepcast.platform.problem.Problem;
import dev.stepcast.runs.control.Runs;
import dev.stepcast.runs.control.Runs.TriggerCommand;
import dev.stepcast.runs.event.EventBook.Waiter;
import dev.stepcast.runs.event.Notifier;
import dev.stepcast.runs.journal.Entry;
import dev.stepcast.runs.journal.Note;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore.Told;
import dev.stepcast.runs.store.RunStore.Write;
import dev.stepcast.schemas.NotifyAnswer;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.Timed;
import dev.stepcast.schemas.TriggerRequest;
import dev.stepcast.schemas.Wire;
import dev.stepcast.schemas.WorkflowEvent;
import dev.stepcast.schemas.WorkflowEvents;
import dev.stepcast.workflow.api.WorkflowContext.StepFailed;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a run has to do with others. What lies elsewhere is asked while the run is held, which is
 * safe to repeat; only then is the run left alone, and it asks again every hour.
 */
final class Dealings {
  private static final long ASK_AGAIN_MS = Duration.ofHours(1).toMillis();
  private static final String TIMED_OUT = "timeout";
  private static final int DEPTH_MOST = 10;

  private final Surroundings around;
  private final Session session;
  private final Steps steps;
  private final Waits waits;
  private final RunImage image;

  /** A wait as its author asked for it. */
  record Wait(String name, String eventId, Class<?> type, Duration timeout) {}

  /** A child as its author asked for it. */
  record Invocation(String name, String workflow, @Nullable Object payload, Class<?> type) {}

  /** Where in the journal a wait is. */
  private record Place(String path, Entry.Step step, String awaits) {}

  Dealings(Surroundings around, Session session, Steps steps, Waits waits, RunImage image) {
    this.around = around;
    this.session = session;
    this.steps = steps;
    this.waits = waits;
    this.image = image;
  }

  Optional<Object> await(Line line, Wait wait) {
    session.check();
    session.hasDealings();
    var path = line.next();
    var step = session.journal().step(path, wait.name(), "wait");
    var place = new Place(path, step, wait.eventId());
    while (true) {
      var entry = session.journal().entry(path);
      if (entry.isPresent()) {
        return TIMED_OUT.equals(entry.get().kind()) ? Optional.empty()
            : Optional.ofNullable(steps.answer(entry.get(), wait.type()));
      }
      lookFor(place, begin(place, wait.timeout()));
    }
  }

  /** Notes that the run waits; when it gives up, ms since the epoch. */
  private long begin(Place place, @Nullable Duration timeout) {
    var known = session.journal().awaited(place.path());
    if (known.isPresent()) {
      return Optional.ofNullable(known.get().until()).orElse(Long.MAX_VALUE);
    }
    var until = timeout == null ? null : session.clock().now() + timeout.toMillis();
    var note = Note.waiting(place.step(), place.awaits(), until);
    var fields = new LinkedHashMap<String, String>();
    fields.put(Note.WAIT + place.path(), Wire.encode(note));
    if (timeout == null) {
      fields.put(RunImage.CHILD + place.path(), place.awaits());
      fields.put(RunImage.OWED, "1");
    } else {
      fields.put(RunImage.AWAITS + place.awaits(), place.path() + " " + waiter(place).text());
      if (Notifier.runOf(place.awaits()).isEmpty()) {
        fields.put(RunImage.OWED, "1"); // it has to leave the book if it ends before
      }
    }
    var event = new WorkflowEvent.RunWait(place.step().name(), place.step().index(),
        place.awaits(), until, Timed.OPEN);
    session.journal().await(place.path(), note);
    session.record(new Write(fields, List.of(
        new Told(WorkflowEvents.RUN_WAIT.name(), Wire.encodeOpen(event)))));
    return until == null ? Long.MAX_VALUE : until;
  }

  private void lookFor(Place place, long until) {
    var mail = session.journal().mailed(place.awaits());
    if (mail.isPresent()) {
      enter(place, new RawJson(mail.get()), null);
      return;
    }
    if (Notifier.runOf(place.awaits()).isEmpty()) {
      var found = join(around.book().await(place.awaits(), waiter(place), until));
      if (found.isPresent()) {
        enter(place, new RawJson(found.get()), null);
        join(around.book().told(place.awaits(), waiter(place)));
        return;
      }
    }
    if (until <= session.clock().now()) {
      enter(place, null, TIMED_OUT);
      return;
    }
    waits.until(Math.min(until, session.clock().now() + ASK_AGAIN_MS), RunState.WAITING,
        Set.of(Entry.FIELD + place.path(), RunImage.MAIL + place.awaits()));
  }

  /** Ends the wait, unless a delivery was faster: then that stands. */
  private void enter(Place place, @Nullable RawJson data, @Nullable String kind) {
    var entry = Entry.succeeded(place.step(), new Entry.Run(1, 0, around.worker()), data, kind);
    var fields = steps.entered(place.path(), entry);
    fields.put(RunImage.AWAITS + place.awaits(), "");
    fields.put(RunImage.MAIL + place.awaits(), "");
    session.journal().mail(place.awaits(), "");
    var event = new WorkflowEvent.StepFinish(place.step().name(), place.step().index(), 1, 0,
        data == null ? null : data.forEvent(), Timed.OPEN);
    session.recordAlone(new Write(fields, List.of(
        new Told(WorkflowEvents.STEP_FINISH.name(), Wire.encodeOpen(event)))));
  }

  int notify(String eventId, @Nullable Object data) {
    var json = data == null ? RawJson.NULL : RawJson.of(data);
    var asked = new Notifier(around.store(), around.book()).notify(eventId, json, null)
        .<Object>map(answer -> answer)
        .recover(cause -> Problem.in(cause).filter(no -> no.kind().equals("mail-full"))
            .map(no -> Future.<Object>succeededFuture(no))
            .orElseGet(() -> Future.failedFuture(cause)));
    return switch (join(asked)) {
      case NotifyAnswer answer -> (int) answer.notified();
      case Problem no -> throw new IllegalStateException(no.detail());
      default -> throw new IllegalStateException(eventId);
    };
  }

  @Nullable
  Object invoke(Line line, Invocation asked) {
    session.check();
    var path = line.next();
    var step = session.journal().step(path, asked.name(), "invoke");
    var place = new Place(path, step, child(path));
    session.hasDealings();
    while (true) {
      var entry = session.journal().entry(path);
      if (entry.isPresent()) {
        return steps.answer(entry.get(), asked.type());
      }
      if (session.journal().awaited(path).isEmpty()) {
        check(asked);
      }
      begin(place, null);
      trigger(place, asked);
      waits.until(session.clock().now() + ASK_AGAIN_MS, RunState.WAITING,
          Set.of(Entry.FIELD + path));
    }
  }

  private void check(Invocation asked) {
    var payload = Values.encode(asked.payload()).json();
    Optional.ofNullable(payload).flatMap(json -> around.world().complaint(asked.workflow(), json))
        .ifPresent(why -> {
          throw new StepFailed(asked.name(), "PayloadInvalid", why);
        });
  }

  /** Sent again, it is the same child: its id is drawn from the place of the call. */
  private void trigger(Place place, Invocation asked) {
    int depth = image.field(RunImage.DEPTH).map(Integer::valueOf).orElse(0) + 1;
    if (depth > DEPTH_MOST) {
      throw new StepFailed(asked.name(), "TooDeep", "runs invoke each other at most " + DEPTH_MOST
          + " deep");
    }
    var version = join(around.world().version(asked.workflow())).orElseThrow(() -> new StepFailed(
        asked.name(), "UnknownWorkflow", "no workflow is named " + asked.workflow()));
    var payload = Values.encode(asked.payload()).json();
    var request = new TriggerRequest(asked.workflow(), payload, null, null, null, null, null,
        null);
    join(around.store().trigger(Runs.newRun(new TriggerCommand(request, version, null),
        place.awaits(), Optional.empty(), Map.of(RunImage.INVOKER, waiter(place).text(),
            RunImage.DEPTH, String.valueOf(depth), RunImage.OWED, "1"))));
  }

  private String child(String path) {
    var name = (image.identity() + "/" + path).getBytes(StandardCharsets.UTF_8);
    return "wfr_" + UUID.nameUUIDFromBytes(name).toString().replace("-", "");
  }

  private Waiter waiter(Place place) {
    return Waiter.in(image, place.path(), place.step());
  }

  private <T> T join(Future<T> asked) {
    try {
      session.await(asked);
      return asked.result();
    } catch (IllegalStateException e) {
      session.drop("cannot ask: " + e.getCause());
      throw new Unwinding.Dropped("cannot ask: " + e.getCause());
    }
  }
}
