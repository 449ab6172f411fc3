package dev.stepcast.workflow.execution;

import io.vertx.core.Vertx;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Interrupts the thread that made it, after a while, unless it is switched off before. */
final class Interrupt {
  private static final Logger log = LoggerFactory.getLogger(Interrupt.class);
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final Vertx vertx;
  private final Thread thread = Thread.currentThread();
  private final long timer;
  private long report = -1;
  private boolean struck;
  private boolean off;

  private Interrupt(Vertx vertx, Duration after) {
    this.vertx = vertx;
    this.timer = vertx.setTimer(Math.max(1, after.toMillis()), _ -> strike());
  }

  static Interrupt in(Vertx vertx, Duration after) {
    return new Interrupt(vertx, after);
  }

  private synchronized void strike() {
    if (!off) {
      struck = true;
      thread.interrupt();
      report = vertx.setTimer(GRACE.toMillis(), _ -> log.atWarn()
          .addKeyValue("thread", thread.getName()).log("step.interruption-ignored"));
    }
  }

  synchronized boolean struck() {
    return struck;
  }

  /** From here on nothing strikes; an interruption that came too late is forgotten. */
  synchronized void off() {
    off = true;
    vertx.cancelTimer(timer);
    vertx.cancelTimer(report);
    if (struck) {
      Thread.interrupted();
    }
  }
}
