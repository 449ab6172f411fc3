package dev.stepcast.workflow.take;

import dev.stepcast.platform.redis.RedisLink.Unavailable;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.runs.store.RunStore.Leased;
import dev.stepcast.runs.store.RunStore.Take;
import dev.stepcast.runs.store.RunStore.Taken;
import dev.stepcast.runs.wake.Bell;
import dev.stepcast.workflow.execution.Executions;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes due runs, at most as many as there are free slots: at once when a ring says so, when the
 * earliest known one is due, and every few seconds in case a ring was lost. All its state belongs
 * to one context.
 */
public final class Taker implements Bell {
  private static final Logger log = LoggerFactory.getLogger(Taker.class);
  private static final long POLL_MIN_MS = 1_000;
  private static final long POLL_MAX_MS = 5_000;
  private static final long AGAIN_MS = 200;
  /** So little is not waited for: it is what the clock may be off. */
  private static final long SOON_MS = 5;
  private static final int MOST = 32;

  private final Vertx vertx;
  private final RunStore store;
  private final Executions executions;
  private final Options options;
  private final Context context;
  private final List<Part> parts = new ArrayList<>();
  private final Promise<Void> idle = Promise.promise();
  private int free;
  private int active;
  private boolean taking = true;
  private long poll = -1;

  /**
   * How a node takes.
   *
   * @param pool       whose runs
   * @param slots      runs held at the same time at most
   * @param nonce      drawn at random by each process
   * @param lease      how long a run is ours without a renewal
   * @param partitions of the deployment
   * @param clock      of Redis, as well as it is known here
   */
  public record Options(String pool, int slots, String nonce, Duration lease, int partitions,
      InstantSource clock) {}

  /** What is known about a partition. */
  private static final class Part {
    private final int partition;
    private long number;
    private boolean asking;
    private boolean askAgain;
    private boolean hungry;
    private long pauseMs = POLL_MIN_MS;
    private long askedAt;
    private long timer = -1;
    private long timerAt = Long.MAX_VALUE;

    Part(int partition) {
      this.partition = partition;
    }
  }

  /** Takes from {@code store} for {@code executions}, on the caller's context. */
  public Taker(Vertx vertx, RunStore store, Executions executions, Options options) {
    this.vertx = vertx;
    this.store = store;
    this.executions = executions;
    this.options = options;
    this.context = vertx.getOrCreateContext();
    this.free = options.slots();
    for (int i = 0; i < options.partitions(); i++) {
      parts.add(new Part(i));
    }
  }

  /** Begins. */
  public void start() {
    context.runOnContext(_ -> {
      poll = vertx.setPeriodic(1, POLL_MIN_MS / 4, _ -> pollAll());
    });
  }

  /** Takes no more; completes when no run is held any longer. */
  public Future<Void> drain() {
    context.runOnContext(_ -> {
      taking = false;
      vertx.cancelTimer(poll);
      parts.forEach(part -> vertx.cancelTimer(part.timer));
      if (active == 0) {
        idle.tryComplete();
      }
    });
    return idle.future();
  }

  @Override
  public void due(int partition, String pool, long atMs) {
    if (pool.equals(options.pool())) {
      context.runOnContext(_ -> {
        var part = parts.get(partition);
        long left = atMs - options.clock().millis();
        if (left <= SOON_MS) {
          ask(part);
        } else {
          lookAt(part, left);
        }
      });
    }
  }

  @Override
  public void drop(String workflowRunId) {
    executions.drop(workflowRunId, "ended by somebody");
  }

  @Override
  public void missed(int partition) {
    context.runOnContext(_ -> ask(parts.get(partition)));
  }

  private void pollAll() {
    long now = System.nanoTime() / 1_000_000;
    for (var part : parts) {
      if (now - part.askedAt >= part.pauseMs) {
        ask(part);
      }
    }
  }

  private void ask(Part part) {
    if (part.asking || !taking) {
      part.askAgain = true;
      return;
    }
    int most = Math.min(free, MOST);
    part.hungry = most == 0;
    if (most == 0) {
      return;
    }
    part.asking = true;
    part.askAgain = false;
    part.askedAt = System.nanoTime() / 1_000_000;
    free -= most;
    send(part, new Take(part.partition, options.pool(), most, options.nonce(), ++part.number,
        options.lease()));
  }

  /** The same take again after a lost reply, so that what it leased is not left to its lease. */
  private void send(Part part, Take take) {
    store.take(take).onComplete(answer -> context.runOnContext(_ -> {
      if (answer.succeeded()) {
        took(part, take.most(), answer.result());
      } else if (answer.cause() instanceof Unavailable && taking) {
        vertx.setTimer(AGAIN_MS, _ -> send(part, take));
      } else {
        log.atError().setCause(answer.cause()).log("take.failed");
        took(part, take.most(), new Taken(0, -1, List.of()));
      }
    }));
  }

  private void took(Part part, int most, Taken taken) {
    part.asking = false;
    free += most - taken.runs().size();
    taken.runs().forEach(leased -> launch(leased, taken.now()));
    part.pauseMs = taken.runs().isEmpty() ? Math.min(part.pauseMs * 2, POLL_MAX_MS) : POLL_MIN_MS;
    if (taken.runs().size() == most || part.askAgain) {
      ask(part);
    } else if (taken.nextDue() >= 0) {
      lookAt(part, taken.nextDue() - taken.now());
    }
    feedHungry();
  }

  private void launch(Leased leased, long now) {
    active++;
    executions.launch(leased, now, () -> context.runOnContext(_ -> {
      active--;
      free++;
      feedHungry();
      if (!taking && active == 0) {
        idle.tryComplete();
      }
    }));
  }

  private void feedHungry() {
    if (free > 0) {
      for (var part : parts) {
        if (part.hungry && free > 0) {
          ask(part);
        }
      }
    }
  }

  private void lookAt(Part part, long leftMs) {
    long at = System.nanoTime() / 1_000_000 + leftMs;
    if (at >= part.timerAt) {
      return;
    }
    vertx.cancelTimer(part.timer);
    part.timerAt = at;
    part.timer = vertx.setTimer(Math.max(1, leftMs), _ -> {
      part.timerAt = Long.MAX_VALUE;
      ask(part);
    });
  }
}
