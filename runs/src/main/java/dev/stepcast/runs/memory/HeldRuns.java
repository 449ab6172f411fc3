package dev.stepcast.runs.memory;

import dev.stepcast.runs.store.RunStore;
import dev.stepcast.schemas.RunState;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** What those who hold runs may do with them, in memory. */
abstract class HeldRuns implements RunStore {
  final Shelf shelf;

  HeldRuns(Shelf shelf) {
    this.shelf = shelf;
  }

  /** One transition at a time. */
  <T> Future<T> now(Supplier<T> transition) {
    synchronized (this) {
      return Future.succeededFuture(transition.get());
    }
  }

  @Override
  public Future<Taken> take(Take take) {
    return now(() -> shelf.take(take));
  }

  @Override
  public Future<Recording> step(Hold hold, Write write) {
    return now(() -> shelf.holding(hold, run -> {
      var stands = run.record(hold, write, shelf.now());
      if (run.pausing) {
        shelf.pauseNow(run);
        shelf.stepped(run);
        return new Recording.LetGo(shelf.now());
      }
      shelf.stepped(run);
      return new Recording.Recorded(shelf.now(), stands);
    }, run -> new Recording.Recorded(shelf.now(), run.entries(write))));
  }

  @Override
  public Future<Recording> park(Hold hold, Write write, Parking parking) {
    return now(() -> shelf.holding(hold, run -> {
      var stands = new HashMap<>(run.record(hold, write, shelf.now()));
      stands.putAll(shelf.there(run, parking.awaited()));
      if (!stands.isEmpty() && !run.pausing) {
        return new Recording.Recorded(shelf.now(), stands);
      }
      if (run.pausing) {
        shelf.pauseNow(run);
      } else {
        run.enter(parking.state());
        shelf.look(run, parking.atMs());
      }
      return new Recording.LetGo(shelf.now());
    }, _ -> new Recording.LetGo(shelf.now())));
  }

  @Override
  public Future<Recording> finish(Hold hold, Write write, RunState state) {
    return now(() -> shelf.holding(hold, run -> {
      run.record(hold, write, shelf.now());
      shelf.end(run, state);
      return new Recording.LetGo(shelf.now());
    }, _ -> new Recording.LetGo(shelf.now())));
  }

  @Override
  public Future<Set<String>> renew(int part, List<Hold> holds, Duration lease) {
    return now(() -> {
      var lost = new HashSet<String>();
      for (var hold : holds) {
        var run = shelf.runs.get(hold.id());
        if (run != null && run.isHeld(hold)) {
          run.due = shelf.now() + lease.toMillis();
        } else {
          lost.add(hold.id());
        }
      }
      return lost;
    });
  }

  @Override
  public Future<Void> release(Hold hold) {
    return now(() -> {
      var run = shelf.runs.get(hold.id());
      if (run != null && run.isHeld(hold)) {
        run.token = "";
        run.enter(RunState.QUEUED);
        shelf.look(run, shelf.now());
      }
      return null;
    });
  }

  @Override
  public Future<Void> begin(Hold hold, String path, String note, Told told) {
    return now(() -> {
      var run = shelf.runs.get(hold.id());
      if (run != null && run.isHeld(hold) && !run.fields.containsKey("j:" + path)) {
        run.fields.put("a:" + path, note);
        run.tell(told, shelf.now());
      }
      return null;
    });
  }
}
