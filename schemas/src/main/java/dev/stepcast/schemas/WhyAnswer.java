package dev.stepcast.schemas;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * 200 of GET /api/runs/{id}/why.
 *
 * <p>Wire form: {@code schemas/answers/why.json}.
 *
 * @param workflowRunId id of the run
 * @param state where it stands
 * @param why a sentence for people
 * @param note what hinders it, for people
 * @param dueAt when it goes on by itself, ms since the epoch
 * @param error what it failed with
 * @param lastError what the last failed attempt failed with
 * @param step the step it is at
 * @param waits what it waits for
 * @param flow its place under its flow key
 * @param lease who holds it
 * @param recoveries how often its worker was lost since it last got on
 * @param doing what its worker does with it this moment
 */
public record WhyAnswer(String workflowRunId, RunState state, String why, @Nullable String note,
    @Nullable Long dueAt, @Nullable RunError error, @Nullable StepError lastError,
    @Nullable StepView step, List<OpenWait> waits, @Nullable FlowPlace flow,
    @Nullable RunLease lease, int recoveries, @Nullable Doing doing) {
  public WhyAnswer {
    waits = List.copyOf(waits);
  }

  /** The same, with what a worker told. */
  public WhyAnswer with(@Nullable Doing told) {
    return new WhyAnswer(workflowRunId, state, why, note, dueAt, error, lastError, step, waits,
        flow, lease, recoveries, told);
  }
}
