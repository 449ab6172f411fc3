package dev.stepcast.runs.memory;

import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.wake.Bell;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.Timed;
import dev.stepcast.schemas.Wire;
import dev.stepcast.schemas.WorkflowEvent;
import dev.stepcast.schemas.WorkflowEvents;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs in memory, by the same rules as in Redis, on a clock of the caller's: for authors' tests and
 * for simulations. Nothing is ever forgotten. Every call is answered before it returns.
 */
public final class MemoryRunStore extends HeldRuns {
  private final Map<String, String> keys = new HashMap<>();

  /** An empty store; {@code clock} tells ms since the epoch, {@code partition} where a run is. */
  public MemoryRunStore(LongSupplier clock, ToIntFunction<String> partition) {
    this(new Shelf(clock, partition));
  }

  MemoryRunStore(Shelf shelf) {
    super(shelf);
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

  /** When a run is looked at next, ms since the epoch; empty for when something comes. */
  public synchronized Optional<Long> dueAt(String id) {
    return Optional.ofNullable(shelf.runs.get(id)).map(run -> run.due)
        .filter(due -> due != Shelf.NEVER);
  }

  /** When the earliest run in one of {@code states} is due, ms since the epoch. */
  public synchronized Optional<Long> nextDue(Set<RunState> states) {
    return shelf.runs.values().stream().filter(run -> states.contains(run.state()))
        .map(run -> run.due).filter(due -> due != Shelf.NEVER)
        .min(Long::compare);
  }

  @Override
  public Future<Triggering> trigger(NewRun asked) {
    return now(() -> {
      var known = asked.key().map(keys::get).orElse(asked.id());
      var before = shelf.runs.get(known);
      boolean again = before != null && archives(before, asked);
      if (before != null && !again) {
        return before.hash.equals(asked.hash())
            ? new Triggering.Known(known, before.number("at"))
            : new Triggering.Conflict(known);
      }
      var run = new MemoryRun(asked.id(), asked.hash());
      run.fields.put("at", String.valueOf(shelf.now()));
      asked.fields().forEach(run::put);
      if (before != null && again) {
        run.follows(before);
        shelf.runs.put(asked.archive().orElseThrow(), before.known(asked.archive().get()));
      }
      asked.key().ifPresent(key -> keys.put(key, asked.id()));
      shelf.runs.put(asked.id(), run);
      run.tell(asked.told(), shelf.now());
      run.enter(RunState.QUEUED);
      shelf.look(run, Math.max(shelf.now() + asked.start().delayMs(),
          asked.start().notBeforeMs()));
      return new Triggering.Accepted(asked.id(), shelf.now());
    });
  }

  private boolean archives(MemoryRun before, NewRun asked) {
    boolean owes = before.number(RunImage.OWED) > 0;
    boolean sentAgain = before.hash.equals(asked.hash())
        && shelf.now() - before.number("end") < SENT_AGAIN.toMillis();
    return asked.archive().isPresent() && before.state().ended() && !owes && !sentAgain;
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
      boolean held = run.state() == RunState.RUNNING;
      if (run.state() == RunState.PAUSED || (held && run.pausing)) {
        return Control.UNCHANGED;
      }
      if (held) {
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
  public Future<Remade> again(Again again) {
    return now(() -> {
      var old = shelf.runs.get(again.old());
      if (old == null) {
        return new Remade.Unknown();
      }
      if (!Set.of(RunState.FAILED, RunState.CANCELED).contains(old.state())) {
        return new Remade.WrongState();
      }
      var before = old.fields.putIfAbsent("to:" + again.mark(), again.id());
      if (before != null) {
        return new Remade.Made(before);
      }
      var run = new MemoryRun(again.id(), old.hash);
      run.fields.put("at", String.valueOf(shelf.now()));
      run.fields.put(again.mark(), again.old());
      again.fields().forEach(field -> {
        Optional.ofNullable(old.fields.get(field)).ifPresent(text -> run.fields.put(field, text));
        Optional.ofNullable(old.large.get(field)).ifPresent(text -> run.large.put(field, text));
      });
      shelf.runs.put(again.id(), run);
      run.tell(again.told(), shelf.now());
      run.enter(RunState.QUEUED);
      shelf.look(run, shelf.now());
      return new Remade.Made(again.id());
    });
  }

  @Override
  public Future<Boolean> unblock(String id) {
    return now(() -> {
      var run = shelf.runs.get(id);
      if (run == null || run.state().ended() || run.state() == RunState.PAUSED) {
        return false;
      }
      if (run.state() == RunState.BLOCKED_BY_FLOW) {
        run.enter(RunState.QUEUED);
        shelf.look(run, shelf.now());
      } else if (run.state() == RunState.RUNNING) {
        run.fields.put(RunImage.UNBLOCKED, "1");
      }
      return true;
    });
  }

  @Override
  public Future<Mailing> mail(String id, String name, String data) {
    return now(() -> {
      var run = resumed(id);
      if (run == null || run.state().ended()) {
        return new Mailing.Unknown();
      }
      var awaits = run.fields.getOrDefault(RunImage.AWAITS + name, "").split(" ", 2);
      if (awaits.length == 2 && !run.fields.containsKey("j:" + awaits[0])) {
        return new Mailing.Waits(awaits[1]);
      }
      var others = run.fields.entrySet().stream()
          .filter(field -> field.getKey().startsWith(RunImage.MAIL))
          .filter(field -> !field.getKey().equals(RunImage.MAIL + name))
          .map(Map.Entry::getValue).filter(text -> !text.isEmpty()).toList();
      int bytes = Stream.concat(others.stream(), Stream.of(data))
          .mapToInt(text -> text.getBytes(StandardCharsets.UTF_8).length).sum();
      if (others.size() >= MAILS_MOST || bytes > MAIL_BYTES_MOST) {
        return new Mailing.Full();
      }
      run.fields.put(RunImage.MAIL + name, data);
      return new Mailing.Kept();
    });
  }

  /** The run of that id, or the one that resumes it. */
  private @Nullable MemoryRun resumed(String id) {
    var run = shelf.runs.get(id);
    var to = run == null || !run.state().ended() ? null
        : run.fields.get("to:" + RunImage.RESUMED);
    return to == null ? run : resumed(to);
  }

  @Override
  public Future<Void> settle(String id) {
    return now(() -> {
      var run = shelf.runs.get(id);
      if (run != null && run.state().ended()) {
        run.fields.put(RunImage.OWED, "0");
        run.fields.remove(RunImage.MEETS);
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
