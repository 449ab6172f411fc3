package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/**
 * 202 of POST /api/trigger.
 *
 * <p>Wire form: {@code schemas/answers/trigger.json}.
 *
 * @param workflowRunId id of the run
 * @param createdAt when the run was accepted, ms since the epoch
 * @param deduplicated the run was there before
 * @param grant right to listen to the run, beyond loopback
 */
public record TriggerAnswer(String workflowRunId, long createdAt, boolean deduplicated,
    @Nullable String grant) {}
