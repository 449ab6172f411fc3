package dev.stepcast.schemas;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run in a list, and 200 of what controls a run.
 *
 * <p>Wire form: {@code schemas/answers/runHead.json}.
 *
 * @param workflowRunId id of the run
 * @param workflow name of the workflow
 * @param version version the run stays with
 * @param executor in this system, or at an HTTP endpoint
 * @param state where it stands
 * @param createdAt when it was accepted, ms since the epoch
 * @param endedAt when it ended, ms since the epoch
 * @param labels to find it by
 * @param resumedFrom the run it resumes
 * @param restartedFrom the run it restarts
 */
public record RunHead(String workflowRunId, String workflow, String version, Executor executor,
    RunState state, long createdAt, @Nullable Long endedAt, List<String> labels,
    @Nullable String resumedFrom, @Nullable String restartedFrom) {
  public RunHead {
    labels = List.copyOf(labels);
  }
}
