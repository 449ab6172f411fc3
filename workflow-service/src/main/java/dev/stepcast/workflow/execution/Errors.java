package dev.stepcast.workflow.execution;

import dev.stepcast.schemas.RunError;
import dev.stepcast.schemas.StepError;
import dev.stepcast.workflow.api.WorkflowContext.StepFailed;
import java.io.PrintWriter;
import java.io.StringWriter;

/** What was thrown, as the timeline shows it: bounded, whatever the author threw. */
final class Errors {
  private static final int NAME_MAX = 200;
  private static final int MESSAGE_MAX = 2_000;
  private static final int STACK_MAX = 4_000;

  private Errors() {}

  static StepError of(Throwable cause) {
    return new StepError(name(cause), message(cause));
  }

  /** What a run failed with; names the step where one did. */
  static RunError ofRun(Throwable cause) {
    return switch (cause) {
      case StepFailed failed -> new RunError(failed.type(), message(failed), failed.step());
      case Unwinding.Broken broken -> new RunError(broken.type(), message(broken), null);
      default -> new RunError(name(cause), message(cause), null);
    };
  }

  static String stack(Throwable cause) {
    var text = new StringWriter();
    cause.printStackTrace(new PrintWriter(text));
    return cut(text.toString(), STACK_MAX);
  }

  private static String name(Throwable cause) {
    var name = cause.getClass().getSimpleName();
    return cut(name.isEmpty() ? cause.getClass().getName() : name, NAME_MAX);
  }

  private static String message(Throwable cause) {
    return cut(cause.getMessage() == null ? "" : cause.getMessage(), MESSAGE_MAX);
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1) + "…";
  }
}
