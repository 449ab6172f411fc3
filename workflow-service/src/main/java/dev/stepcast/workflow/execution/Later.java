package dev.stepcast.workflow.execution;

import dev.stepcast.workflow.execution.Surroundings.Alarms.Alarm;
import io.vertx.core.Vertx;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Does things a fixed while later, unless they are called off, which most are: they all share one
 * timer, since setting and canceling one from a run's thread wakes an event loop each time. A thing
 * is done after its delay, and at most a quarter of that, or two milliseconds, later.
 */
final class Later {
  private static final int PARTS = 4;
  private static final long SHORTEST_MS = 2;

  private final Vertx vertx;
  private final long turnMs;
  private final int turns;
  private final Queue<Entry> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean turning = new AtomicBoolean();
  private volatile int turn;

  /** Something to be done, while it has not been called off. */
  private static final class Entry implements Alarm {
    private final int since;
    private volatile @Nullable Runnable what;

    Entry(Runnable what, int since) {
      this.what = what;
      this.since = since;
    }

    @Override
    public void off() {
      what = null;
    }
  }

  Later(Vertx vertx, long delayMs) {
    this.vertx = vertx;
    this.turnMs = Math.max(SHORTEST_MS, delayMs / PARTS);
    this.turns = 1 + (int) Math.ceilDiv(delayMs, turnMs);
  }

  Alarm add(Runnable what) {
    var entry = new Entry(what, turn);
    waiting.add(entry);
    turnSoon();
    return entry;
  }

  private void turnSoon() {
    if (turning.compareAndSet(false, true)) {
      vertx.setTimer(turnMs, _ -> turn());
    }
  }

  /** Only one turn is under way at any time: nobody else removes anything. */
  private void turn() {
    int now = turn + 1;
    turn = now;
    var head = waiting.peek();
    while (head != null && (head.what == null || now - head.since >= turns)) {
      waiting.remove();
      var what = head.what;
      if (what != null) {
        what.run();
      }
      head = waiting.peek();
    }
    turning.set(false);
    if (!waiting.isEmpty()) {
      turnSoon();
    }
  }
}
