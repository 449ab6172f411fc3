package dev.stepcast.schemas;

/**
 * POST /api/runs/{cancel|pause|unpause|resume|restart}.
 *
 * <p>Wire form: {@code schemas/requests/bulk.json}.
 *
 * @param filter which runs
 */
public record BulkRequest(RunFilter filter) {}
