package dev.stepcast.schemas;

/**
 * 201 of POST /api/runs/{id}/resume and /restart.
 *
 * <p>Wire form: {@code schemas/answers/newRun.json}.
 *
 * @param workflowRunId id of the new run
 */
public record NewRun(String workflowRunId) {}
