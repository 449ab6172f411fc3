package dev.stepcast.workflow.sample;

import dev.stepcast.workflow.api.Workflow;
import dev.stepcast.workflow.api.WorkflowContext;
import java.util.Optional;

/** Two steps: the smallest workflow that shows anything. */
public final class ProcessDataWorkflow
    implements Workflow<ProcessDataWorkflow.Request, ProcessDataWorkflow.Done> {

  /** What it is triggered with. */
  public record Request(String userId, String action) {}

  /** What the first step answers. */
  public record Validated(boolean valid, String userId, String action) {}

  /** What the second step answers. */
  public record Processed(boolean processed, String userId, String action) {}

  /** What it ends with. */
  public record Done(boolean success, String workflowRunId) {}

  @Override
  public Done run(WorkflowContext context, Request request) {
    var validated = context.run("validate-data",
        () -> new Validated(true, request.userId(), request.action()));

    context.run("process-action", () -> {
      // Your business logic here
      return new Processed(true, validated.userId(), validated.action());
    });

    return new Done(true, context.runId());
  }

  @Override
  public String payloadSchema() {
    return """
      {
        "type": "object",
        "properties": {
          "userId": {"type": "string", "minLength": 1, "maxLength": 200},
          "action": {"type": "string", "minLength": 1, "maxLength": 200}
        },
        "required": ["userId", "action"],
        "additionalProperties": false,
        "default": {"userId": "user-123", "action": "process-data"}
      }
      """;
  }

  @Override
  public Optional<String> samplePayload() {
    return Optional.of("{\"userId\":\"user-123\",\"action\":\"process-data\"}");
  }
}
