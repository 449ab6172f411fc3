package dev.stepcast.api.v2;

import dev.stepcast.runs.endpoint.Deliveries;
import dev.stepcast.runs.delivery.Config;
import dev.stepcast.runs.endpoint.Deliveries.Message;
import dev.stepcast.runs.endpoint.EndpointRuns;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.schemas.RunState;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A run as {@code client.logs()} shows it: groups of steps in the order in which they came, those
 * of one {@code Promise.all} together, and last the one that is to come.
 */
record RunLog(RunImage image, Config config, List<Buffer> list, List<Buffer> errors) {

  JsonObject json() {
    var json = new JsonObject().put("workflowRunId", EndpointRuns.nameOf(image.id()))
        .put("workflowUrl", config.url())
        .put("workflowState", state()).put("workflowRunCreatedAt", image.createdAt())
        .put("steps", groups());
    image.endedAt().ifPresent(at -> json.put("workflowRunCompletedAt", at));
    image.field(RunImage.RESULT).ifPresent(out -> json.put("workflowRunResponse",
        Redacted.of(config).body(out)));
    if (!config.labels().isEmpty()) {
      json.put("label", config.labels().getFirst()).put("labels", new JsonArray(config.labels()));
    }
    if (image.state() == RunState.FAILED) {
      json.put("dlqId", "dlq_" + image.id());
    }
    var flow = config.from().flow();
    Messages.put(json, "flowControlKey", flow == null ? null : flow.key());
    image.field("ff").map(JsonObject::new).ifPresent(told -> json.put("failureFunction",
        told.put("dlqId", "dlq_" + image.id())));
    if (config.invoker() != null) {
      json.put("invoker", new JsonObject().put("workflowRunId", config.invoker()));
    }
    return json;
  }

  private String state() {
    return switch (image.state()) {
      case SUCCEEDED -> "RUN_SUCCESS";
      case FAILED -> "RUN_FAILED";
      case CANCELED -> "RUN_CANCELED";
      default -> "RUN_STARTED";
    };
  }

  private JsonArray groups() {
    var groups = new JsonArray();
    Set<Integer> done = new HashSet<>();
    JsonArray parallel = null;
    for (int i = 0; i < list.size(); i++) {
      var message = Deliveries.parts(list.get(i));
      if (!message.callType().equals("step")) {
        continue;
      }
      var step = i == 0 ? initial(message) : step(message);
      int target = step.getInteger("targetStep", 0);
      if (i == 0 || (step.getInteger("concurrent", 1) <= 1 && target == 0)) {
        groups.add(group("sequential", new JsonArray().add(step)));
        parallel = null;
      } else if (target > 0) {
        parallel = parallel == null ? new JsonArray() : parallel;
        if (parallel.isEmpty()) {
          groups.add(group("parallel", parallel));
        }
        step.put("stepId", target).put("state", "STEP_PROGRESS").remove("targetStep");
        parallel.add(step);
      } else if (parallel != null && done.add(step.getInteger("stepId"))) {
        replace(parallel, step);
      }
    }
    if (image.state() != RunState.SUCCEEDED && image.state() != RunState.CANCELED) {
      groups.add(group("next", new JsonArray().add(next())));
    }
    return groups;
  }

  private static void replace(JsonArray parallel, JsonObject step) {
    for (int i = 0; i < parallel.size(); i++) {
      if (parallel.getJsonObject(i).getInteger("stepId").equals(step.getInteger("stepId"))) {
        parallel.set(i, step);
      }
    }
  }

  private static JsonObject group(String type, JsonArray steps) {
    return new JsonObject().put("type", type).put("steps", steps);
  }

  private JsonObject initial(Message message) {
    return new JsonObject().put("stepId", 0).put("stepName", "init").put("stepType", "Initial")
        .put("callType", "step").put("messageId", message.id())
        .put("out", Redacted.of(config).body(message.body().toString())).put("concurrent", 1)
        .put("state", "STEP_SUCCESS")
        .put("createdAt", image.createdAt());
  }

  private JsonObject step(Message message) {
    var step = message.body().toJsonObject();
    if (step.containsKey("out")) {
      step.put("out", Redacted.of(config).body(String.valueOf(step.getValue("out"))));
    }
    return step.put("messageId", message.id())
        .put("callType", message.callType()).put("state", "STEP_SUCCESS")
        .put("createdAt", image.createdAt());
  }

  private JsonObject next() {
    var all = new JsonArray();
    for (var error : errors) {
      var text = error.toString();
      all.add(new JsonObject(text.substring(text.indexOf('{'))));
    }
    var dead = image.field("dead").map(JsonObject::new);
    dead.ifPresent(entry -> all.add(new JsonObject().put("error", entry.getValue("reason"))
        .put("body", entry.getValue("body")).put("headers", entry.getValue("header"))
        .put("status", entry.getValue("status")).put("time", image.endedAt().orElse(0L))));
    var next = new JsonObject()
        .put("messageId", dead.map(entry -> entry.getString("messageId"))
            .orElseGet(() -> Deliveries.parts(list.getLast()).id()))
        .put("retries", errors.size())
        .put("state", dead.isPresent() ? "STEP_FAILED"
            : errors.isEmpty() ? "STEP_PROGRESS" : "STEP_RETRY");
    return all.isEmpty() ? next : next.put("errors", all);
  }
}
