package dev.stepcast.workflow.simulation;

import io.vertx.core.Future;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Somebody at work: a node's threads with a run, or an operator. Of all of them one moves at a
 * time. It may be stopped in the middle of any call, for good (a crash) or for a while (a zombie).
 */
final class Holder {
  private static final ThreadLocal<@Nullable Holder> MINE = new InheritableThreadLocal<>();

  final String run;
  final Turns turns;
  private final int number;
  private final Semaphore gate = new Semaphore(0);
  private final CountDownLatch end = new CountDownLatch(1);
  private CountDownLatch rest = new CountDownLatch(1);
  private boolean parked;
  private boolean crashed;
  private volatile boolean killed;
  private boolean dropped;
  private Runnable whenDropped = () -> {};

  /** Its thread is taken away at the end of a simulation. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1;

    Killed() {
      super("killed", null, false, false);
    }
  }

  /** Works on {@code run}; empty for an operator. */
  Holder(World world, String run) {
    this.run = run;
    this.number = world.next();
    this.turns = new Turns(world, this);
  }

  /** Whoever the calling thread is; null for the world itself. */
  static @Nullable Holder current() {
    return MINE.get();
  }

  /** The calling thread is the world while in {@code action}. */
  static void outside(Runnable action) {
    var me = MINE.get();
    MINE.remove();
    try {
      action.run();
    } finally {
      MINE.set(me);
    }
  }

  /** Starts {@code launch}, which calls {@link #over} at its end, and waits until it rests. */
  void start(Runnable launch) {
    MINE.set(this);
    try {
      launch.run();
    } finally {
      MINE.remove();
    }
    awaitRest();
  }

  void over() {
    end.countDown();
    rest.countDown();
  }

  boolean isOver() {
    return end.getCount() == 0;
  }

  /** Stopped for a while; it may go on. */
  boolean isFrozen() {
    return parked && !crashed;
  }

  void whenDropped(Runnable how) {
    whenDropped = how;
  }

  /** Its run is another's or has ended: it hears of it when it moves next, on its own thread. */
  void drop() {
    dropped = true;
  }

  void hear() {
    if (dropped) {
      dropped = false;
      whenDropped.run();
    }
  }

  void crash() {
    crashed = true;
    park();
  }

  void freeze() {
    park();
  }

  private void park() {
    if (!killed) {
      parked = true;
      rest.countDown();
      gate.acquireUninterruptibly();
    }
    live();
    hear();
  }

  /** Throws where it may do nothing more. */
  void live() {
    if (killed) {
      throw new Killed();
    }
  }

  /** Lets a frozen one go on, until it rests again. */
  void thaw() {
    parked = false;
    rest = new CountDownLatch(1);
    gate.release();
    awaitRest();
  }

  boolean isKilled() {
    return killed;
  }

  /** Takes its threads away, whatever they do. */
  void kill() {
    killed = true;
    gate.release();
    turns.kill();
    await(end);
  }

  private void awaitRest() {
    await(rest);
  }

  /** An interrupt of a thread that waits for another one is for later. */
  private static void await(CountDownLatch latch) {
    boolean interrupted = false;
    while (true) {
      try {
        latch.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return number + " " + run;
  }

  /** An answer that is there already. */
  static <T> T now(Supplier<Future<T>> call) {
    var answer = call.get();
    if (!answer.isComplete()) {
      throw new AssertionError("a call in memory did not answer at once");
    }
    return answer.result();
  }
}
