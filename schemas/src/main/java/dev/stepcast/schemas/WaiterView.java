package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/**
 * A run that waits for an event.
 *
 * <p>Wire form: {@code schemas/parts/waiterView.json}.
 *
 * @param workflowRunId id of the run
 * @param stepName name of the step that waits
 * @param index the step's place in the run's journal
 * @param until when it gives up, ms since the epoch
 */
public record WaiterView(String workflowRunId, @Nullable String stepName, @Nullable Integer index,
    @Nullable Long until) {}
