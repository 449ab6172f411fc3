package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/**
 * A workflow that some node can run.
 *
 * <p>Wire form: {@code schemas/parts/workflowInfo.json}.
 *
 * @param name what to trigger it by
 * @param version version that new runs begin with
 * @param payloadSchema any JSON
 * @param samplePayload any JSON
 */
public record WorkflowInfo(String name, String version, RawJson payloadSchema,
    @Nullable RawJson samplePayload) {}
