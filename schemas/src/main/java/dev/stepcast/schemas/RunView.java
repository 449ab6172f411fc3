package dev.stepcast.schemas;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * 200 of GET /api/runs/{id}.
 *
 * <p>Wire form: {@code schemas/answers/run.json}.
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
 * @param payload any JSON
 * @param result any JSON
 * @param error what it failed with
 * @param dueAt when it goes on by itself, ms since the epoch
 * @param steps in journal order
 */
public record RunView(String workflowRunId, String workflow, String version, Executor executor,
    RunState state, long createdAt, @Nullable Long endedAt, List<String> labels,
    @Nullable String resumedFrom, @Nullable String restartedFrom, RawJson payload,
    @Nullable RawJson result, @Nullable RunError error, @Nullable Long dueAt,
    List<StepView> steps) {
  public RunView {
    labels = List.copyOf(labels);
    steps = List.copyOf(steps);
  }

  /** What {@code head} says, and {@code details} beyond it. */
  public static RunView of(RunHead head, Details details) {
    return new RunView(head.workflowRunId(), head.workflow(), head.version(), head.executor(),
        head.state(), head.createdAt(), head.endedAt(), head.labels(), head.resumedFrom(),
        head.restartedFrom(), details.payload(), details.result(), details.error(),
        details.dueAt(), details.steps());
  }

  /** The part of this view that lists show. */
  public RunHead head() {
    return new RunHead(workflowRunId, workflow, version, executor, state, createdAt, endedAt,
        labels, resumedFrom, restartedFrom);
  }

  /**
   * What a view has beyond its head.
   *
   * @param payload what the run was triggered with
   * @param result what it ended with
   * @param error what it failed with
   * @param dueAt when it goes on by itself, ms since the epoch
   * @param steps in journal order
   */
  public record Details(RawJson payload, @Nullable RawJson result, @Nullable RunError error,
      @Nullable Long dueAt, List<StepView> steps) {}
}
