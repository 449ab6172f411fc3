package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/**
 * POST /api/notify/{eventId}.
 *
 * <p>Wire form: {@code schemas/requests/notify.json}.
 *
 * @param data any JSON
 * @param workflowRunId only this run
 */
public record NotifyRequest(@Nullable RawJson data, @Nullable String workflowRunId) {}
