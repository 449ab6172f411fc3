package dev.stepcast.workflow;

import dev.stepcast.platform.service.ServiceHost;

/** Runs the workflow-service alone in this process. */
final class WorkflowMain {
  private WorkflowMain() {}

  /** Reads the environment and runs until told to stop. */
  public static void main(String[] args) {
    ServiceHost.main(WorkflowConfig::from, WorkflowService::new);
  }
}
