package dev.stepcast.workflow.simulation;

import dev.stepcast.workflow.api.WorkflowContext.Call;
import dev.stepcast.workflow.api.WorkflowContext.Reply;
import dev.stepcast.workflow.execution.Surroundings;
import dev.stepcast.workflow.registry.Registry;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is neither a run nor a store: other services, which nobody here talks to. */
record Outside(Registry registry) implements Surroundings.World {
  @Override
  public Future<Optional<String>> version(String workflow) {
    return Future.succeededFuture(registry.version(workflow));
  }

  @Override
  public Future<Map<String, Set<String>>> nodes(String workflow) {
    return Future.succeededFuture(Map.of());
  }

  @Override
  public Reply call(Call call, String key) {
    throw new UnsupportedOperationException("nobody calls out");
  }

  /** Events that nobody listens to. */
  static final class AnyEvent implements Surroundings.Live {
    @Override
    public Optional<String> complaint(String event, String json) {
      return Optional.empty();
    }

    @Override
    public Future<?> tell(String channel, String event, String json, String key) {
      return Future.succeededFuture();
    }
  }
}
