package dev.stepcast.workflow;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.Platform;
import dev.stepcast.platform.channel.ChannelLog;
import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.config.CommonConfig;
import dev.stepcast.platform.config.Env;
import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.runs.control.Runs;
import dev.stepcast.runs.control.Runs.TriggerCommand;
import dev.stepcast.runs.control.Runs.Triggered;
import dev.stepcast.runs.query.RunQueries;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.RunView;
import dev.stepcast.schemas.TriggerRequest;
import dev.stepcast.workflow.api.Workflow;
import dev.stepcast.workflow.registry.Registry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A process with a workflow-service, as far as a test can tell. */
final class Node {
  final Platform platform;
  final WorkflowService service;
  final Runs runs;
  final RunQueries queries;
  final RunStore store;

  private Node(Platform platform, WorkflowConfig config, Registry registry) {
    this.platform = platform;
    this.service = new WorkflowService(platform, config, registry);
    this.store = RunStore.redis(platform.redis(), platform.keys(), config.retention());
    this.runs = new Runs(store, platform.keys());
    this.queries = new RunQueries(platform.redis(), platform.keys(), store, Clock.systemUTC());
  }

  /** A started node; {@code variables} come before those that a test needs. */
  static Node start(String prefix, Map<String, String> variables, Workflow<?, ?>... workflows)
      throws Exception {
    var all = new HashMap<>(Map.of("REDIS_URL", TestRedis.url(), "KEY_PREFIX", prefix,
        "PARTITIONS", "4", "RUN_LEASE_MS", "1500"));
    all.putAll(variables);
    var env = new Env(all);
    var common = CommonConfig.from(env);
    var config = WorkflowConfig.from(env);
    env.verify();
    var platform = get(Platform.open(Vertx.vertx(), common));
    var node = new Node(platform, config, new Registry(List.of(workflows)));
    get(node.service.start());
    return node;
  }

  String trigger(String workflow, String payload) throws Exception {
    return trigger(new TriggerRequest(workflow, new RawJson(payload), null, null, null, null,
        null, null));
  }

  String trigger(TriggerRequest request) throws Exception {
    var triggered = get(runs.trigger(new TriggerCommand(request, "1", null)));
    return ((Triggered.Accepted) triggered).workflowRunId();
  }

  /** Whether the run is there now, since this request or an equal one before. */
  boolean triggered(TriggerRequest request) throws Exception {
    return !(get(
        runs.trigger(new TriggerCommand(request, "1", null))) instanceof Triggered.Conflict);
  }

  RunView view(String run) throws Exception {
    return get(queries.run(run)).orElseThrow();
  }

  RunView ended(String run) {
    return reached(run, RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELED);
  }

  RunView reached(String run, RunState... states) {
    return await().atMost(40, SECONDS).until(() -> view(run),
        view -> List.of(states).contains(view.state()));
  }

  List<String> events(String run) throws Exception {
    return entries(run).stream().map(ChannelLog.Entry::event).toList();
  }

  List<ChannelLog.Entry> entries(String run) throws Exception {
    return get(platform.channels().readAfter(new ChannelName(run), "0-0",
        new ChannelLog.Limit(1_000, 1 << 22))).entries();
  }

  /** As a crash does: nothing it does reaches Redis any more, and nothing is given back. */
  void crash() throws Exception {
    get(platform.redis().close());
  }

  void stop() throws Exception {
    get(service.drain());
    get(service.stop());
    get(platform.close());
    get(platform.vertx().close());
  }

  static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, SECONDS);
  }
}
