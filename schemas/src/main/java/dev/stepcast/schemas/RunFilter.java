package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/**
 * Which runs; all that is given must hold, and something must be given.
 *
 * <p>Wire form: {@code schemas/parts/runFilter.json}.
 *
 * @param state where it stands
 * @param workflow name of the workflow
 * @param label A label
 * @param from created then or later, ms since the epoch
 * @param to created before, ms since the epoch
 * @param all holds of every run, for who means each of them
 */
public record RunFilter(@Nullable RunState state, @Nullable String workflow, @Nullable String label,
    @Nullable Long from, @Nullable Long to, @Nullable Boolean all) {

  /** What a list is asked for: nothing need be said for every run. */
  public RunFilter(@Nullable RunState state, @Nullable String workflow, @Nullable String label,
      @Nullable Long from, @Nullable Long to) {
    this(state, workflow, label, from, to, null);
  }
}
