package dev.stepcast.workflow.execution;

import dev.stepcast.workflow.api.WorkflowContext.Body;
import dev.stepcast.workflow.execution.Surroundings.Threads;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The lines of calls of a run that are under way at the same time, each on a thread. */
final class Branches {
  private final Session session;
  private final Threads threads;
  private final AtomicInteger busy = new AtomicInteger(1);
  private final List<Running> running = new ArrayList<>();

  Branches(Session session, Threads threads) {
    this.session = session;
    this.threads = threads;
  }

  /** A branch that was started. */
  final class Running {
    private final Promise<Void> end = Promise.promise();
    private @Nullable Object answer;
    private @Nullable Throwable failure;

    private Running(Line branch, Body<?> body) {
      busy.incrementAndGet();
      threads.start(session.hold().id(), () -> run(branch, body));
    }

    private void run(Line branch, Body<?> body) {
      session.enter();
      try {
        answer = branch.work(body);
      } catch (Throwable e) {
        failure = e;
      } finally {
        busy.decrementAndGet();
        session.leave();
        end.complete();
      }
    }

    /** Waits for its end. */
    void await() {
      idle(() -> {
        while (true) {
          try {
            threads.await(end.future());
            return;
          } catch (InterruptedException e) {
            session.drop("interrupted");
          }
        }
      });
    }

    @Nullable
    Throwable failure() {
      return failure;
    }

    @Nullable
    Object answer() {
      return answer;
    }
  }

  /** Starts {@code body} on a branch of its own. */
  Running start(Line branch, Body<?> body) {
    var fresh = new Running(branch, body);
    synchronized (running) {
      running.add(fresh);
    }
    return fresh;
  }

  /** Waits until every branch has ended, joined or not; what made one of them unwind. */
  @Nullable
  Throwable awaitAll() {
    List<Running> all;
    synchronized (running) {
      all = List.copyOf(running);
      running.clear();
    }
    all.forEach(Running::await);
    return unwinding(all);
  }

  /** The gravest reason for which branches were unwound; null for none. */
  static @Nullable Throwable unwinding(List<Running> all) {
    Throwable found = null;
    for (var one : all) {
      var failure = one.failure();
      if (failure instanceof Unwinding && !(failure instanceof Unwinding.Suspended)) {
        return failure;
      }
      found = failure instanceof Unwinding ? failure : found;
    }
    return found;
  }

  /** How many branches other than the caller's do something. */
  int othersBusy() {
    return busy.get() - 1;
  }

  /** The calling branch does nothing but wait while in {@code waiting}. */
  void idle(Runnable waiting) {
    busy.decrementAndGet();
    try {
      waiting.run();
    } finally {
      busy.incrementAndGet();
    }
  }
}
