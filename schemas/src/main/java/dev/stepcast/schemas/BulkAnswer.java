package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/**
 * 200 of POST /api/runs/{cancel|pause|unpause|resume|restart}.
 *
 * <p>Wire form: {@code schemas/answers/bulk.json}.
 *
 * @param matched runs the filter found in this page
 * @param done runs that changed
 * @param cursor give it back to go on; absent at the end
 */
public record BulkAnswer(long matched, long done, @Nullable String cursor) {}
