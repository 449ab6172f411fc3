package dev.stepcast.schemas;

import java.util.List;

/**
 * 200 of GET /api/workflows.
 *
 * <p>Wire form: {@code schemas/answers/workflows.json}.
 *
 * @param workflows by name
 */
public record WorkflowList(List<WorkflowInfo> workflows) {
  public WorkflowList {
    workflows = List.copyOf(workflows);
  }
}
