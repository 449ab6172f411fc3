package dev.stepcast.runs.control;

import dev.stepcast.runs.query.RunQueries;
import dev.stepcast.runs.query.RunQueries.Page;
import dev.stepcast.runs.store.RunStore.Control;
import dev.stepcast.runs.store.RunStore.Remade;
import dev.stepcast.schemas.BulkAnswer;
import dev.stepcast.schemas.RunFilter;
import dev.stepcast.schemas.RunHead;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Controls every run that a filter fits, a page at a time. */
public final class Bulk {
  private static final int PAGE = 100;

  private final Controls runs;
  private final RunQueries queries;

  /** What is done with each run. */
  public enum Wish {
    /** End it. */
    CANCEL,
    /** Let nobody go on with it. */
    PAUSE,
    /** Let it go on. */
    UNPAUSE,
    /** Go on where it failed, as a new run. */
    RESUME,
    /** Begin anew, as a new run. */
    RESTART;

    /** Whether it makes new runs, which may be refused. */
    public boolean makesRuns() {
      return this == RESUME || this == RESTART;
    }
  }

  /** Control of one run, by its id; each call is safe to repeat. */
  public interface Controls {
    /** Ends a run; one that has ended stays as it is. */
    Future<Control> cancel(String workflowRunId);

    /** Lets nobody go on with a run. */
    Future<Control> pause(String workflowRunId);

    /** Lets a paused run go on. */
    Future<Control> unpause(String workflowRunId);

    /** Goes on where a run failed or was canceled, as a new run. */
    Future<Remade> resume(String workflowRunId);

    /** Begins a run that failed or was canceled anew, as a new run. */
    Future<Remade> restart(String workflowRunId);
  }

  /** Controls {@code runs} that {@code queries} find. */
  public Bulk(Controls runs, RunQueries queries) {
    this.runs = runs;
    this.queries = queries;
  }

  /**
   * Does {@code wish} with a page of the runs that {@code filter} fits; those whose state does not
   * allow it are not counted as done. Ask again with the cursor until there is none.
   */
  public Future<BulkAnswer> apply(Wish wish, RunFilter filter, @Nullable String cursor) {
    return queries.list(filter, new Page(cursor, PAGE)).compose(page -> {
      var all = page.runs().stream().map(run -> one(wish, run)).toList();
      return Future.all(all).map(_ -> new BulkAnswer(all.size(),
          all.stream().filter(Future::result).count(), page.cursor()));
    });
  }

  private Future<Boolean> one(Wish wish, RunHead run) {
    var id = run.workflowRunId();
    return switch (wish) {
      case CANCEL -> runs.cancel(id).map(Control.DONE::equals);
      case PAUSE -> runs.pause(id).map(Control.DONE::equals);
      case UNPAUSE -> runs.unpause(id).map(Control.DONE::equals);
      case RESUME -> runs.resume(id).map(Remade.Made.class::isInstance);
      case RESTART -> runs.restart(id).map(Remade.Made.class::isInstance);
    };
  }
}
