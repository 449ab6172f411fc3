package dev.stepcast.schemas;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a run with its attempts.
 *
 * <p>Wire form: {@code schemas/parts/stepView.json}.
 *
 * @param index the step's place in the run's journal
 * @param name the name the author gave the step
 * @param type kind of step: run, sleep, call, …
 * @param state where it stands
 * @param result any JSON
 * @param attempts oldest first
 */
public record StepView(int index, String name, String type, StepState state,
    @Nullable RawJson result, List<Attempt> attempts) {
  public StepView {
    attempts = List.copyOf(attempts);
  }
}
