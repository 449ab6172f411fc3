package dev.stepcast.workflow.execution;

import io.vertx.core.Vertx;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Interrupts the thread that made it, after a while, unless it is switched off before; and tells
 * where it goes on all the same.
 */
final class Interrupt {
  private static final Logger log = LoggerFactory.getLogger(Interrupt.class);
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final Vertx vertx;
  private final Thread thread = Thread.currentThread();
  private final Runnable ignored;
  private final long graceMs;
  private final long timer;
  private long report = -1;
  private boolean struck;
  private boolean off;

  private Interrupt(Vertx vertx, Duration after, Runnable ignored) {
    this.vertx = vertx;
    this.ignored = ignored;
    this.graceMs = Math.clamp(after.toMillis(), 1, GRACE.toMillis());
    this.timer = vertx.setTimer(Math.max(1, after.toMillis()), _ -> strike());
  }

  /** Strikes after {@code after}; {@code ignored} is told where that does not help. */
  static Interrupt in(Vertx vertx, Duration after, Runnable ignored) {
    return new Interrupt(vertx, after, ignored);
  }

  private synchronized void strike() {
    if (!off) {
      struck = true;
      thread.interrupt();
      report = vertx.setTimer(graceMs, _ -> report());
    }
  }

  private synchronized void report() {
    if (!off) {
      log.atWarn().addKeyValue("run", thread.getName()).log("step.interruption-ignored");
      ignored.run();
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
