package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/**
 * Which runs; all that is given must hold.
 *
 * <p>Wire form: {@code schemas/parts/runFilter.json}.
 *
 * @param state where it stands
 * @param workflow name of the workflow
 * @param label A label
 * @param from created then or later, ms since the epoch
 * @param to created before, ms since the epoch
 */
public record RunFilter(@Nullable RunState state, @Nullable String workflow, @Nullable String label,
    @Nullable Long from, @Nullable Long to) {}
