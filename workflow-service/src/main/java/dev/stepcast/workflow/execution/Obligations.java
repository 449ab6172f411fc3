package dev.stepcast.workflow.execution;

import dev.stepcast.runs.event.EventBook.Waiter;
import dev.stepcast.runs.event.Notifier;
import dev.stepcast.runs.journal.Entry;
import dev.stepcast.runs.journal.Note;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore.Delivering;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.RunError;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.StepError;
import dev.stepcast.schemas.Wire;
import io.vertx.core.Future;
import java.util.Map;

/**
 * What an ended run owes: it cancels its children, leaves the events it waited for, tells who
 * invoked it, gives its slot back. Each is safe to repeat, and the run stays due until all is done,
 * so any node can do it after a crash.
 */
record Obligations(Surroundings around) {
  private static final String RUN = "wfr_";

  void meet(RunImage image) {
    var children = image.of(RunImage.CHILD).map(Map.Entry::getValue).sorted()
        .map(around.store()::cancel).toList();
    join(Future.all(children));
    image.of(Note.WAIT).filter(wait -> !image.fields().containsKey(Entry.FIELD + wait.getKey()))
        .sorted(Map.Entry.comparingByKey())
        .forEach(wait -> leave(image, wait.getKey(), Wire.decode(wait.getValue(), Note.class)));
    image.field(RunImage.INVOKER).ifPresent(waiter -> join(tell(Waiter.of(waiter), image)));
    giveBack(image);
  }

  /** Meets all that a run owes who owes nothing but its slot. */
  void giveBack(RunImage image) {
    new Slots(around, image).release();
    join(around.store().settle(image.id()));
  }

  /** Whether it found something that it did not take is known to the event's book only. */
  private void leave(RunImage image, String path, Note wait) {
    var event = String.valueOf(wait.awaits());
    if (Notifier.runOf(event).isEmpty() && !event.startsWith(RUN)) {
      join(new Notifier(around.store(), around.book()).leave(event,
          Waiter.in(image, path, wait.step())));
    }
  }

  private Future<Delivering> tell(Waiter waiter, RunImage image) {
    var notifier = new Notifier(around.store(), around.book());
    if (image.state() == RunState.SUCCEEDED) {
      return notifier.deliver(waiter, "invoke",
          image.field(RunImage.RESULT).map(RawJson::new).orElse(RawJson.NULL), null);
    }
    var error = image.field(RunImage.ERROR).map(text -> Wire.decode(text, RunError.class));
    return notifier.deliver(waiter, "invoke", null,
        error.map(cause -> new StepError(cause.type(), cause.message()))
            .orElse(new StepError("ChildCanceled", "the run " + image.id() + " was canceled")));
  }

  private static void join(Future<?> future) {
    future.toCompletionStage().toCompletableFuture().join();
  }
}
