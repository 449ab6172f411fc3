package dev.stepcast.schemas;

/**
 * A run that changed its state.
 *
 * <p>Wire form: {@code schemas/parts/runMoved.json}.
 *
 * @param workflowRunId id of the run
 * @param state where it stands
 * @param at when it happened by the clock of Redis, ms since the epoch
 */
public record RunMoved(String workflowRunId, RunState state, long at) {
  public RunMoved {
    Check.name("workflowRunId", workflowRunId, 200);
    Check.least("at", at, 0);
  }
}
