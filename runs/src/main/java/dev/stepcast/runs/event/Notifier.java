package dev.stepcast.runs.event;

import dev.stepcast.platform.problem.Problem;
import dev.stepcast.runs.event.EventBook.Waiter;
import dev.stepcast.runs.journal.Entry;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.runs.store.RunStore.Delivering;
import dev.stepcast.runs.store.RunStore.Delivery;
import dev.stepcast.runs.store.RunStore.Mailing;
import dev.stepcast.runs.store.RunStore.Told;
import dev.stepcast.schemas.NotifyAnswer;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.StepError;
import dev.stepcast.schemas.Timed;
import dev.stepcast.schemas.Wire;
import dev.stepcast.schemas.WorkflowEvent;
import dev.stepcast.schemas.WorkflowEvents;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Wakes the runs that wait for an event. */
public final class Notifier {
  /** How long a notification that nobody waits for is kept. */
  public static final Duration LOOK_BACK = Duration.ofMinutes(10);
  private static final String BY = "notify";

  private final RunStore store;
  private final EventBook book;

  /** Wakes runs of {@code store} that stand in {@code book}. */
  public Notifier(RunStore store, EventBook book) {
    this.store = store;
    this.book = book;
  }

  /** Where waits for {@code eventId} are sent to: the run that drew it, for a webhook's. */
  public static Optional<String> runOf(String eventId) {
    int slash = eventId.lastIndexOf('/'); // what the caller named the run may have some, too
    return eventId.startsWith("wfr_") && slash > 0 ? Optional.of(eventId.substring(0, slash))
        : Optional.empty();
  }

  /**
   * Wakes every run that waits for {@code eventId}, with {@code data}.
   *
   * @param run only this run, or the one that resumes it, which also gets it if it waits for it
   *            later; null for all
   * @return {@code stored} where nobody waited and it is kept for who comes; fails with
   *     {@code RedisLink.Unavailable}, and then some may have been woken; or with a
   *     refusal, where a run keeps all it may
   */
  public Future<NotifyAnswer> notify(String eventId, RawJson data, @Nullable String run) {
    var only = run == null ? runOf(eventId) : Optional.of(run);
    return only.isPresent() ? mail(only.get(), eventId, data) : broadcast(eventId, data, 0);
  }

  /** As above, where {@code before} others got it already: it is not kept then. */
  public Future<NotifyAnswer> broadcast(String eventId, RawJson data, int before) {
    return book.notify(eventId, data.text(), before == 0 ? LOOK_BACK.toMillis() : 0)
        .compose(waiters -> {
          if (waiters.isEmpty()) {
            return Future.succeededFuture(new NotifyAnswer(before, before == 0));
          }
          return told(eventId, data, waiters)
              .compose(count -> broadcast(eventId, data, before + count));
        });
  }

  /** Tells each waiter; those that wait no more do not count, so somebody else may get it. */
  private Future<Integer> told(String eventId, RawJson data, List<Waiter> waiters) {
    var all = waiters.stream().map(waiter -> deliver(waiter, data)
        .compose(delivering -> book.told(eventId, waiter)
            .map(delivering == Delivering.LATE ? 0 : 1)))
        .toList();
    return Future.all(all).map(_ -> all.stream().mapToInt(Future::result).sum());
  }

  /** {@code waiter} waits no more: who is next gets what it had found and did not take. */
  public Future<Void> leave(String eventId, Waiter waiter) {
    return book.leave(eventId, waiter, LOOK_BACK.toMillis()).compose(next -> next
        .map(one -> told(eventId, new RawJson(one.data()), List.of(one.waiter()))
            .compose(count -> count > 0 ? Future.succeededFuture(new NotifyAnswer(count, false))
                : broadcast(eventId, new RawJson(one.data()), 0)))
        .orElse(Future.succeededFuture()).mapEmpty());
  }

  /** What a sender is told where {@code run} keeps as much as it may. */
  public static Problem full(String run) {
    return Problem.of(409, "mail-full", "The run keeps all it may",
        "The run " + run + " keeps notifications that it has not waited for yet, at most "
            + RunStore.MAILS_MOST + " of them and " + RunStore.MAIL_BYTES_MOST + " bytes.");
  }

  private Future<NotifyAnswer> mail(String run, String eventId, RawJson data) {
    return store.mail(run, eventId, data.text()).compose(mailing -> switch (mailing) {
      case Mailing.Waits(var waiter) -> deliver(Waiter.of(waiter), data)
          .map(delivering -> new NotifyAnswer(delivering == Delivering.DELIVERED ? 1 : 0, false));
      case Mailing.Kept() -> Future.succeededFuture(new NotifyAnswer(0, true));
      case Mailing.Full() -> Future.failedFuture(full(run).refusal());
      case Mailing.Unknown() -> Future.succeededFuture(new NotifyAnswer(0, false));
    });
  }

  /** Those that wait for {@code eventId}, and when each gives up; for a webhook its run. */
  public Future<Map<Waiter, Long>> waiters(String eventId, int most) {
    var run = runOf(eventId);
    return run.isEmpty() ? book.waiters(eventId, most)
        : last(run.get()).map(found -> found.flatMap(image -> open(image, eventId))
            .map(waiter -> Map.of(waiter, Long.MAX_VALUE)).orElse(Map.of()));
  }

  /** The run of that id, or the one that resumes it. */
  private Future<Optional<RunImage>> last(String run) {
    return store.read(run).compose(found -> {
      var to = found.filter(image -> image.state().ended())
          .flatMap(image -> image.field("to:" + RunImage.RESUMED));
      return to.isPresent() ? last(to.get()) : Future.succeededFuture(found);
    });
  }

  private static Optional<Waiter> open(RunImage image, String eventId) {
    return image.field(RunImage.AWAITS + eventId).map(text -> text.split(" ", 2))
        .filter(wait -> wait.length == 2 && !image.state().ended()
            && image.field(Entry.FIELD + wait[0]).isEmpty())
        .map(wait -> Waiter.of(wait[1]));
  }

  /** Puts {@code data} where {@code waiter} waits. */
  public Future<Delivering> deliver(Waiter waiter, RawJson data) {
    return deliver(waiter, "wait", data, null);
  }

  /** As above, for a wait of some kind; with an error it fails. */
  public Future<Delivering> deliver(Waiter waiter, String kind, @Nullable RawJson data,
      @Nullable StepError error) {
    var step = new Entry.Step(waiter.name(), kind, waiter.index());
    var run = new Entry.Run(1, 0, BY);
    var entry = error == null ? Entry.succeeded(step, run, data, null)
        : Entry.failed(step, run, error);
    var fields = new LinkedHashMap<String, String>();
    entry.putInto(fields, waiter.path());
    var told = error == null
        ? new Told(WorkflowEvents.STEP_FINISH.name(),
            Wire.encodeOpen(new WorkflowEvent.StepFinish(waiter.name(), waiter.index(), 1, 0,
                data == null ? null : data.forEvent(), Timed.OPEN)))
        : new Told(WorkflowEvents.STEP_FAIL.name(),
            Wire.encodeOpen(new WorkflowEvent.StepFail(waiter.name(), waiter.index(), 1, error,
                null, Timed.OPEN)));
    var field = Entry.FIELD + waiter.path();
    return store.deliver(new Delivery(waiter.run(), waiter.path(),
        String.valueOf(fields.get(field)), Optional.ofNullable(fields.get("b:" + field)), told));
  }
}
