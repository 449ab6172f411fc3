package dev.stepcast.schemas;

/**
 * What a step failed with.
 *
 * <p>Wire form: {@code schemas/parts/stepError.json}.
 *
 * @param type name of the kind of error, such as a class name
 * @param message what went wrong, for people; may be empty
 */
public record StepError(String type, String message) {
  public StepError {
    Check.name("type", type, 200);
  }
}
