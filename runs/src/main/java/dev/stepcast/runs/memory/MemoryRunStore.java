package dev.stepcast.runs.memory;

import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.runs.wake.Bell;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.Timed;
import dev.stepcast.schemas.Wire;
import dev.stepcast.schemas.WorkflowEvent;
import dev.stepcast.schemas.WorkflowEvents;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * Runs in memory, by the same rules as in Redis, on a clock of the caller's: for authors' tests and
 * for simulations. Nothing is ever forgotten. Every call is answered before it returns.
 */
public final class MemoryRunStore implements RunStore {
  private final Shelf shelf;
  private final Map<String, String> keys = new HashMap<>();

  /** An empty store; {@code clock} tells ms since the epoch, {@code partition} where a run is. */
  public MemoryRunStore(LongSupplier clock, ToIntFunction<String> partition) {
    this(new Shelf(clock, partition));
  }

  MemoryRunStore(Shelf shelf) {
    this.shelf = shelf;
  }

  /** Tells {@code listener} from now on what nodes hear. */
  public synchronized void ring(Bell listener) {
    shelf.bell = listener;
  }

  /** The events on a run's channel, in order. */
  public synchronized List<Told> told(String id) {
    var run = shelf.runs.get(id);
    return run == null ? List.of() : List.copyOf(run.told);
  }

  /** When the earliest run is due, ms since the epoch; empty when nothing will ever be. */
  public synchronized Optional<Long> nextDue() {
    return shelf.runs.values().stream().map(run -> run.due).filter(due -> due != Shelf.NEVER)
        .min(Long::compare);
  }

  private <T> Future<T> now(Supplier<T> transition) {
    synchronized (this) {
      return Future.succeededFuture(transition.get());
    }
  }

  @Override
  public Future<Triggering> trigger(NewRun asked) {
    return now(() -> {
      var known = asked.key().map(keys::get).orElse(asked.id());
      var before = shelf.runs.get(known);
      if (before != null) {
        return before.hash.equals(asked.hash())
            ? new Triggering.Known(known, before.number("at"))
            : new Triggering.Conflict(known);
      }
      var run = new MemoryRun(asked.id(), asked.hash());
      run.fields.put("at", String.valueOf(shelf.now()));
      asked.fields().forEach(run::put);
      asked.key().ifPresent(key -> keys.put(key, asked.id()));
      shelf.runs.put(asked.id(), run);
      run.tell(asked.told(), shelf.now());
      run.enter(RunState.QUEUED);
      shelf.look(run, Math.max(shelf.now() + asked.start().delayMs(),
          asked.start().notBeforeMs()));
      return new Triggering.Accepted(asked.id(), shelf.now());
    });
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

  @Override
  public Future<Control> cancel(String id) {
    return control(id, run -> {
      if (run.state().ended()) {
        return Control.UNCHANGED;
      }
      boolean heldBy = run.state() == RunState.RUNNING;
      run.token = "";
      run.tell(new Told(WorkflowEvents.RUN_CANCEL.name(),
          Wire.encodeOpen(new WorkflowEvent.RunCancel(Timed.OPEN))), shelf.now());
      shelf.end(run, RunState.CANCELED);
      var listener = shelf.bell;
      if (heldBy && listener != null) {
        listener.drop(id);
      }
      return Control.DONE;
    });
  }

  @Override
  public Future<Control> pause(String id) {
    return control(id, run -> {
      if (run.state().ended()) {
        return Control.WRONG_STATE;
      }
      if (run.state() == RunState.PAUSED || run.pausing) {
        return Control.UNCHANGED;
      }
      if (run.state() == RunState.RUNNING) {
        run.pausing = true;
      } else {
        shelf.pauseNow(run);
      }
      return Control.DONE;
    });
  }

  @Override
  public Future<Control> unpause(String id) {
    return control(id, run -> {
      if (run.state() == RunState.RUNNING && run.pausing) {
        run.pausing = false;
        return Control.DONE;
      }
      if (run.state() != RunState.PAUSED) {
        return Control.WRONG_STATE;
      }
      run.enter(RunState.QUEUED);
      shelf.look(run, shelf.now());
      return Control.DONE;
    });
  }

  private Future<Control> control(String id,
      Function<MemoryRun, Control> transition) {
    return now(() -> {
      var run = shelf.runs.get(id);
      return run == null ? Control.UNKNOWN : transition.apply(run);
    });
  }

  @Override
  public Future<Delivering> deliver(Delivery delivery) {
    return now(() -> {
      var run = shelf.runs.get(delivery.id());
      var field = "j:" + delivery.path();
      var there = run == null ? null : run.fields.get(field);
      if (there != null && there.startsWith(delivery.entry())) {
        return Delivering.BEFORE;
      }
      if (run == null || run.state().ended() || there != null
          || !run.fields.containsKey("w:" + delivery.path())) {
        return Delivering.LATE;
      }
      run.fields.put(field, MemoryRun.closed(delivery.entry(), shelf.now()));
      delivery.large().ifPresent(value -> run.large.put(field, value));
      run.tell(delivery.told(), shelf.now());
      shelf.came(run);
      return Delivering.DELIVERED;
    });
  }

  @Override
  public Future<Mailing> mail(String id, String name, String data) {
    return now(() -> {
      var run = shelf.runs.get(id);
      if (run == null || run.state().ended()) {
        return new Mailing.Unknown();
      }
      var awaits = run.fields.getOrDefault(RunImage.AWAITS + name, "").split(" ", 2);
      if (awaits.length == 2 && !run.fields.containsKey("j:" + awaits[0])) {
        return new Mailing.Waits(awaits[1]);
      }
      run.fields.put(RunImage.MAIL + name, data);
      return new Mailing.Kept();
    });
  }

  @Override
  public Future<Void> settle(String id) {
    return now(() -> {
      var run = shelf.runs.get(id);
      if (run != null && run.state().ended()) {
        run.fields.put(RunImage.OWED, "0");
        run.due = Shelf.NEVER;
      }
      return null;
    });
  }

  @Override
  public Future<Optional<RunImage>> read(String id) {
    return now(() -> Optional.ofNullable(shelf.runs.get(id)).map(MemoryRun::image));
  }
}
