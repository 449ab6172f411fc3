package dev.stepcast.workflow;

import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.schemas.RunError;
import dev.stepcast.schemas.RunView;
import dev.stepcast.workflow.api.Workflow;
import dev.stepcast.workflow.api.WorkflowContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** What tests of a running service share: a deployment of their own, nodes that are stopped. */
abstract class WithNodes {
  final String prefix = TestRedis.prefix();
  private final List<Node> nodes = new ArrayList<>();

  Node node(Workflow<?, ?>... workflows) throws Exception {
    return node(Map.of(), workflows);
  }

  Node node(Map<String, String> variables, Workflow<?, ?>... workflows) throws Exception {
    var node = Node.start(prefix, variables, workflows);
    nodes.add(node);
    return node;
  }

  /** Stops every node, before what they stand on ends. */
  void stopAll() throws Exception {
    while (!nodes.isEmpty()) {
      nodes.removeLast().stop();
    }
  }

  @AfterEach
  void stop() throws Exception {
    stopAll();
  }

  /** A workflow named {@code w} from a lambda. */
  static Workflow<Object, Object> workflow(Running body) {
    return workflow("w", body);
  }

  /** A workflow from a lambda. */
  static Workflow<Object, Object> workflow(String name, Running body) {
    return new Workflow<>() {
      @Override
      public @Nullable Object run(WorkflowContext context, Object input) throws Exception {
        return body.run(context);
      }

      @Override
      public String name() {
        return name;
      }
    };
  }

  /** What a run failed with. */
  static RunError error(RunView view) {
    return Objects.requireNonNull(view.error());
  }

  interface Running {
    @Nullable
    Object run(WorkflowContext context) throws Exception;
  }
}
