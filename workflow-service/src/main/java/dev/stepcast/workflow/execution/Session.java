package dev.stepcast.workflow.execution;

import dev.stepcast.runs.journal.Entry;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.runs.store.RunStore.Hold;
import dev.stepcast.runs.store.RunStore.Parking;
import dev.stepcast.runs.store.RunStore.Recording;
import dev.stepcast.runs.store.RunStore.Told;
import dev.stepcast.runs.store.RunStore.Write;
import dev.stepcast.schemas.RunState;
import dev.stepcast.workflow.execution.Surroundings.Alarms;
import dev.stepcast.workflow.execution.Surroundings.Machine;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A run while it is ours: sends its writes one after the other, the same one again after a lost
 * reply, and tells everybody at work on it when it is ours no longer.
 */
final class Session {
  private static final long FLUSH_AFTER_MS = 2;

  private final RunStore store;
  private final Machine machine;
  private final String id;
  private final String token;
  private final Journal journal;
  private final StoreClock clock;
  private final Resend resend;
  private final List<Write> waiting = new ArrayList<>();
  private final Set<Thread> threads = new HashSet<>();
  private @Nullable Future<Void> inFlight;
  private long number;
  private Alarms.@Nullable Alarm alarm;
  private boolean recovered;
  private volatile boolean dealings;
  private volatile boolean releasing;
  private volatile @Nullable String dropped;

  Session(Surroundings around, Hold hold, Journal journal, StoreClock clock) {
    this.store = around.store();
    this.machine = around.machine();
    this.id = hold.id();
    this.token = hold.token();
    this.journal = journal;
    this.clock = clock;
    this.resend = new Resend(around.vertx(), this::isDropped, this::drop);
  }

  /** Which write would come next; for those that count no writes. */
  Hold hold() {
    return new Hold(id, token, 0);
  }

  Journal journal() {
    return journal;
  }

  StoreClock clock() {
    return clock;
  }

  /** The run is another's, or must be left: interrupts everybody at work on it. */
  synchronized void drop(String why) {
    if (dropped == null) {
      dropped = why;
      threads.forEach(Thread::interrupt);
    }
  }

  private synchronized void over(String why) {
    if (dropped == null) {
      dropped = why;
    }
  }

  /** Gives the run back at the next step's begin. */
  void releaseSoon() {
    releasing = true;
  }

  /** Gives the run back, after what was sent. */
  synchronized Future<Void> release() {
    var current = inFlight;
    if (current != null) {
      return current.compose(_ -> release());
    }
    if (dropped != null) {
      return Future.succeededFuture();
    }
    return flush().compose(_ -> store.release(hold())).onComplete(_ -> drop("given back"));
  }

  boolean isDropped() {
    return dropped != null;
  }

  /** Throws when the run is ours no longer. */
  void check() {
    var why = dropped;
    if (why != null) {
      throw new Unwinding.Dropped(why);
    }
  }

  /** The calling thread works on the run from here on, and is interrupted when that must end. */
  synchronized void enter() {
    threads.add(Thread.currentThread());
  }

  synchronized void leave() {
    threads.remove(Thread.currentThread());
  }

  /** Everybody at work on the run. */
  synchronized Set<Thread> threads() {
    return Set.copyOf(threads);
  }

  /** Records soon: with whatever is recorded next, or in a moment. */
  synchronized void defer(Write write) {
    waiting.add(write);
    if (alarm == null) {
      var set = machine.alarms().in(FLUSH_AFTER_MS, () -> {
        untimed();
        flush();
      });
      alarm = waiting.isEmpty() ? null : set; // a simulated one may have gone off already
    }
  }

  private synchronized void untimed() {
    alarm = null;
  }

  /** Returns when all that was deferred is recorded. */
  void settle() {
    await(flush());
    if (releasing) {
      await(release());
    }
    check();
  }

  /** Records now. */
  void record(Write write) {
    defer(write);
    settle();
  }

  /** Records now what a delivery may have recorded already: then that stands, and is told only. */
  void recordAlone(Write write) {
    await(alone(write));
    settle();
  }

  private synchronized Future<Void> alone(Write write) {
    boolean busy = inFlight != null || !waiting.isEmpty();
    return busy && dropped == null ? flush().compose(_ -> alone(write)) : step(write);
  }

  /** Leaves the run alone; true when it must go on at once, since what it awaits is there. */
  boolean park(Parking parking) {
    var recording = last(hold -> write -> store.park(hold, write, parking), Write.NOTHING);
    if (recording instanceof Recording.Recorded recorded) {
      apply(recorded);
      return true;
    }
    over("parked");
    return false;
  }

  /** Ends the run; false where it was another's. */
  boolean finish(Write write, RunState state) {
    var recording = last(hold -> all -> store.finish(hold, all, state), write);
    over("finished");
    return recording instanceof Recording.LetGo;
  }

  private Recording last(Function<Hold, Function<Write, Future<Recording>>> transition,
      Write own) {
    var sent = lastAfterOthers(transition, own);
    await(sent);
    return sent.result();
  }

  private synchronized Future<Recording> lastAfterOthers(
      Function<Hold, Function<Write, Future<Recording>>> transition, Write own) {
    var current = inFlight;
    if (current != null) {
      return current.compose(_ -> lastAfterOthers(transition, own));
    }
    if (dropped != null) {
      return Future.succeededFuture(new Recording.Fenced());
    }
    var write = takeWaiting(own);
    return send(hold -> transition.apply(hold).apply(write));
  }

  private synchronized Future<Void> flush() {
    var current = inFlight;
    if (current != null) {
      return current.compose(_ -> flush());
    }
    return waiting.isEmpty() ? Future.succeededFuture() : step(takeWaiting(Write.NOTHING));
  }

  private synchronized Future<Void> step(Write write) {
    if (dropped != null) {
      return Future.succeededFuture();
    }
    var sent = send(hold -> store.step(hold, write)).<Void>map(recording -> {
      switch (recording) {
        case Recording.Recorded recorded -> apply(recorded);
        case Recording.LetGo _ -> drop("paused");
        case Recording.Fenced() -> drop("fenced");
      }
      return null;
    });
    inFlight = sent;
    sent.onComplete(_ -> landed(sent));
    return sent;
  }

  private synchronized void landed(Future<Void> which) {
    if (inFlight == which) {
      inFlight = null;
    }
  }

  /** The run has children or waits for events: it may owe them something when it ends. */
  void hasDealings() {
    dealings = true;
  }

  boolean hasDealt() {
    return dealings;
  }

  /** The next write forgets that holders were lost: the run gets on. */
  synchronized void progressed() {
    recovered = true;
  }

  private synchronized Write takeWaiting(Write own) {
    var fields = new LinkedHashMap<String, String>();
    if (recovered) {
      recovered = false;
      fields.put(RunImage.RECOVERIES, "0");
    }
    var told = new ArrayList<Told>();
    waiting.add(own);
    waiting.forEach(write -> {
      fields.putAll(write.fields());
      told.addAll(write.told());
    });
    waiting.clear();
    var pending = alarm;
    if (pending != null) {
      pending.off();
      alarm = null;
    }
    return new Write(fields, told);
  }

  private synchronized Future<Recording> send(Function<Hold, Future<Recording>> transition) {
    return resend.send(new Hold(id, token, ++number), transition);
  }

  private void apply(Recording.Recorded recorded) {
    clock.heard(recorded.now());
    recorded.stands().forEach((field, json) -> {
      if (field.startsWith(Entry.FIELD)) {
        journal.stand(field.substring(Entry.FIELD.length()), json);
      } else if (field.startsWith(RunImage.MAIL)) {
        journal.mail(field.substring(RunImage.MAIL.length()), json);
      }
    });
  }

  /** Returns when {@code future} has succeeded; throws when the run is ours no longer. */
  void await(Future<?> future) {
    try {
      machine.threads().await(future);
    } catch (InterruptedException e) {
      check(); // a time-out of a step that had just ended interrupts nobody any more
      await(future);
    }
    if (future.failed()) {
      throw new IllegalStateException(future.cause());
    }
  }
}
