package dev.stepcast.workflow.simulation;

import dev.stepcast.workflow.execution.Surroundings.Threads;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * The threads of one holder: one moves at a time, and whenever it waits, who is next is drawn: one
 * of those that wait, which looks whether it still must, or a call that comes to its end.
 */
final class Turns implements Threads {
  private final World world;
  private final Holder holder;
  private static final int IN_VAIN_MOST = 10_000;

  private final List<Semaphore> waiting = new ArrayList<>();
  private final List<Runnable> calls = new ArrayList<>();

  Turns(World world, Holder holder) {
    this.world = world;
    this.holder = holder;
  }

  /** Whether the calling thread is the only one. */
  boolean alone() {
    return waiting.isEmpty();
  }

  /** Asks some turns later. */
  Future<?> later(Faults.Ask ask) {
    var answer = Promise.<Object>promise();
    calls.add(() -> ask.send().<Object>map(told -> told).onComplete(answer));
    return answer.future();
  }

  @Override
  public void start(String name, Runnable work) {
    holder.live();
    var mine = new Semaphore(0);
    waiting.add(mine);
    Thread.ofVirtual().name(name).start(() -> {
      mine.acquireUninterruptibly();
      try {
        holder.live();
        work.run();
        holder.live();
        next();
      } catch (Holder.Killed e) {
        return; // its process died
      }
    });
  }

  @Override
  public void await(Future<?> what) throws InterruptedException {
    for (int i = 0; !what.isComplete(); i++) {
      if (i > IN_VAIN_MOST) {
        world.stuck(holder);
      }
      nap(Duration.ZERO);
    }
  }

  @Override
  public void nap(Duration time) throws InterruptedException {
    turn();
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  /** Another one may move before the calling thread goes on. */
  void pass() {
    if (!alone()) {
      turn();
    }
  }

  private void turn() {
    holder.live();
    var mine = new Semaphore(0);
    waiting.add(mine);
    next();
    mine.acquireUninterruptibly();
    holder.live();
    holder.hear();
  }

  /** Gives somebody the next turn. */
  private void next() {
    int drawn = world.draw(waiting.size() + calls.size());
    while (drawn >= waiting.size()) {
      calls.remove(drawn - waiting.size()).run();
      drawn = world.draw(waiting.size() + calls.size());
    }
    waiting.remove(drawn).release();
  }

  /** Everybody finds out that the holder was killed. */
  void kill() {
    List.copyOf(waiting).forEach(Semaphore::release);
  }
}
