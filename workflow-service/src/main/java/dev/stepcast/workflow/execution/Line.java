package dev.stepcast.workflow.execution;

import dev.stepcast.runs.journal.Entry;
import dev.stepcast.workflow.api.WorkflowContext.Body;
import org.jspecify.annotations.Nullable;

/**
 * One line of calls within a run. The workflow itself is one; each branch of a parallel is another,
 * with paths of its own, so that threads never race for a number.
 */
final class Line {
  private static final ScopedValue<Line> CURRENT = ScopedValue.newInstance();

  private static final At NOWHERE = new At("", new Entry.Step("between steps", "none", 0), 0);

  private final String prefix;
  private int calls;
  private int told;
  private volatile At at = NOWHERE;

  /**
   * Where in the journal a call is.
   *
   * @param attempt of the step being run; 0 for none
   */
  record At(String path, Entry.Step step, int attempt) {}

  /** A step was asked for inside a step: trying again does not help. */
  static final class Nested extends IllegalStateException {
    private static final long serialVersionUID = 1;

    Nested(String message) {
      super(message);
    }
  }

  Line(String prefix) {
    this.prefix = prefix;
  }

  /** The calling thread's branch. */
  static Line current() {
    if (!CURRENT.isBound()) {
      throw new IllegalStateException("call the context from the workflow's own threads only: use"
          + " parallel or runAsync for others");
    }
    return CURRENT.get();
  }

  /** Runs {@code work} on this branch, on the calling thread. */
  <T extends @Nullable Object> T work(Body<T> work) throws Exception {
    return ScopedValue.where(CURRENT, this).<T, Exception>call(work::run);
  }

  /** The path of the next call. */
  String next() {
    if (inStep()) {
      throw new Nested("a step cannot contain another one: '" + at.step().name()
          + "' is being run");
    }
    return prefix + calls++;
  }

  boolean inStep() {
    return at.attempt() > 0;
  }

  At at() {
    return at;
  }

  /** Counts the events that the current attempt told by itself. */
  int told() {
    return told++;
  }

  void begin(At step) {
    told = 0;
    at = step;
  }

  void end() {
    at = NOWHERE;
  }
}
