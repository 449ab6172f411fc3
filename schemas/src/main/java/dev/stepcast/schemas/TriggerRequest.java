package dev.stepcast.schemas;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * POST /api/trigger.
 *
 * <p>Wire form: {@code schemas/requests/trigger.json}.
 *
 * @param workflow name of the workflow
 * @param payload any JSON
 * @param workflowRunId id the caller chose; wfr_ is put before it unless it is there
 * @param delayMs start that much later, ms
 * @param notBefore start then, ms since the epoch
 * @param retries attempts of a step after the first
 * @param labels to find the run by
 * @param flowControl limits it shares with others
 */
public record TriggerRequest(String workflow, @Nullable RawJson payload,
    @Nullable String workflowRunId, @Nullable Long delayMs, @Nullable Long notBefore,
    @Nullable Integer retries, @Nullable List<String> labels, @Nullable FlowControl flowControl) {
  public TriggerRequest {
    labels = labels == null ? null : List.copyOf(labels);
  }
}
