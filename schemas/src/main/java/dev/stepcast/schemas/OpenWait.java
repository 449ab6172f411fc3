package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/**
 * What a run waits for.
 *
 * <p>Wire form: {@code schemas/parts/openWait.json}.
 *
 * @param stepName name of the step that waits
 * @param index the step's place in the run's journal
 * @param eventId event it waits for
 * @param workflowRunId child run it waits for
 * @param until when it gives up, ms since the epoch; absent: never by itself
 */
public record OpenWait(String stepName, int index, @Nullable String eventId,
    @Nullable String workflowRunId, @Nullable Long until) {}
