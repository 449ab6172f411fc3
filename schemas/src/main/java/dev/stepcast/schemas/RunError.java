package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/**
 * What a run failed with.
 *
 * <p>Wire form: {@code schemas/parts/runError.json}.
 *
 * @param type name of the kind of error, such as a class name
 * @param message what went wrong, for people; may be empty
 * @param step the step that failed, absent when the failure lies between steps
 */
public record RunError(String type, String message, @Nullable String step) {
  public RunError {
    Check.name("type", type, 200);
    if (step != null) {
      Check.name("step", step, 200);
    }
  }
}
