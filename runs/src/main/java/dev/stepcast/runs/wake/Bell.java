package dev.stepcast.runs.wake;

/** What a node hears about runs. A ring may be lost and costs latency only: nodes also poll. */
public interface Bell {
  /** A run of {@code pool} is due then, ms since the epoch, earlier than the nodes thought. */
  void due(int partition, String pool, long atMs);

  /** Somebody ended a run that a node holds: interrupt it. */
  void drop(String workflowRunId);

  /** Rings may have been missed there: look. */
  void missed(int partition);
}
