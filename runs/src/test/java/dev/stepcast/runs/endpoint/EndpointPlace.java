package dev.stepcast.runs.endpoint;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.runs.delivery.Config;
import dev.stepcast.runs.delivery.Config.Origin;
import dev.stepcast.runs.delivery.Spec;
import dev.stepcast.runs.delivery.Spec.Kind;
import dev.stepcast.runs.endpoint.Deliveries.Death;
import dev.stepcast.runs.endpoint.Deliveries.Failure;
import dev.stepcast.runs.endpoint.Deliveries.Leased;
import dev.stepcast.runs.endpoint.EndpointRuns.Delay;
import dev.stepcast.runs.endpoint.EndpointRuns.Item;
import dev.stepcast.runs.endpoint.EndpointRuns.Start;
import dev.stepcast.runs.endpoint.EndpointRuns.Submitted;
import dev.stepcast.runs.endpoint.EndpointRuns.Wait;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.runs.store.RunStore.Retention;
import dev.stepcast.schemas.Attempt;
import dev.stepcast.schemas.FlowControl;
import dev.stepcast.schemas.RunError;
import dev.stepcast.schemas.StepError;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A deployment with runs of endpoints, and how a test speaks as an endpoint and as a node. */
final class EndpointPlace {
  static final Duration LEASE = Duration.ofSeconds(30);
  static final String URL = "http://127.0.0.1:1/flow";

  final Keys keys = new Keys(TestRedis.prefix(), 1);
  final EndpointRuns runs;
  final Deliveries deliveries;
  private final RedisLink redis;
  private int takes;

  EndpointPlace(RedisLink redis) {
    this(redis, RunStore.KEPT);
  }

  EndpointPlace(RedisLink redis, Retention retention) {
    this.redis = redis;
    this.runs = new EndpointRuns(redis, keys, true, retention);
    this.deliveries = new Deliveries(redis, keys, runs);
  }

  void start(String id, String payload, String... labels) throws Exception {
    start(id, payload, null, labels);
  }

  /** The run's deliveries share {@code flow} with others. */
  void start(String id, String payload, @Nullable FlowControl flow, String[] labels)
      throws Exception {
    var config = new Config(URL, 3, null, Map.of(), Spec.of(Kind.FAILURE, URL, "POST"),
        List.of(labels), null, false, Origin.NONE.withFlow(flow));
    get(runs.start(new Start(id, config, delivery().withNext(1), Buffer.buffer(payload),
        Delay.NONE, false)));
  }

  List<Leased> take() throws Exception {
    return take(10);
  }

  List<Leased> take(int most) throws Exception {
    return get(deliveries.take(0, most, "take-" + takes++, LEASE)).deliveries();
  }

  /** The result of a step of a run without branches. */
  static Item result(int step) {
    return item("r:" + step, "#" + (step - 1), "{\"stepId\":" + step + ",\"stepName\":\"s\","
        + "\"stepType\":\"Run\",\"out\":\"1\",\"concurrent\":1}",
        delivery().withNext(step + 1));
  }

  static Item planned(int step) {
    return item("p:" + step, "", "{\"stepId\":0,\"targetStep\":" + step + ",\"concurrent\":2}",
        delivery().withNext(step));
  }

  /** The result of a branch of one step. */
  static Item branched(int step) {
    return item("r:" + step, "p:" + step, "{\"stepId\":" + step + ",\"stepName\":\"s\","
        + "\"stepType\":\"Run\",\"out\":\"1\",\"concurrent\":2}", delivery());
  }

  private static Item item(String key, String need, String json, Spec spec) {
    return new Item(key, need, "step", Buffer.buffer(json), spec, Delay.NONE, Optional.of(json));
  }

  private static Spec delivery() {
    return Spec.of(Kind.STEP, null, "POST");
  }

  Submitted submit(String id, int step) throws Exception {
    return get(runs.submit(id, List.of(result(step))));
  }

  Submitted plan(String id, int step) throws Exception {
    return get(runs.submit(id, List.of(planned(step))));
  }

  Submitted branch(String id, int step) throws Exception {
    return get(runs.submit(id, List.of(branched(step))));
  }

  List<Buffer> messages(String id) throws Exception {
    return get(runs.stored(id));
  }

  /** Every delivery that is due is made. */
  void settle() throws Exception {
    for (var one : take()) {
      get(deliveries.settle(one, Map.of()));
    }
  }

  Optional<String> invoke(String id, int step, String child) throws Exception {
    return await(id, step, "invoke:" + child);
  }

  Optional<String> await(String id, int step, String event) throws Exception {
    return get(runs.await(id, new Wait(step, event, 0, "{\"stepId\":" + step
        + ",\"stepName\":\"c\",\"stepType\":\"Wait\",\"concurrent\":1}",
        delivery().withNext(step + 1))));
  }

  void fail(Leased one) throws Exception {
    var failure = new Failure(null,
        new Attempt(1, 1, 1L, "endpoint", new StepError("Error", "no"), null));
    get(deliveries.fail(one, new Death(new RunError("Error", "no", null), "{}",
        Optional.of(Spec.of(Kind.FAILURE, URL, "POST")), failure)));
  }

  long ttl(String id) throws Exception {
    var key = keys.slot(id).key("run", id);
    return get(redis.send(key, Request.cmd(Command.PTTL).arg(key))).toLong();
  }

  /** The runs that are listed under a label. */
  List<String> labeled(String label) throws Exception {
    var index = keys.slot(0).key("idx", "label:" + label);
    return get(redis.send(index, Request.cmd(Command.ZRANGE).arg(index).arg(0).arg(-1))).stream()
        .map(Object::toString).toList();
  }

  /** What stands about a run, for the reader of a failed test. */
  String all(String id) throws Exception {
    var run = keys.slot(id).key("run", id);
    var due = keys.slot(id).key("due", "endpoint");
    return get(redis.send(run, Request.cmd(Command.HGETALL).arg(run))) + " due: "
        + get(redis.send(due, Request.cmd(Command.ZRANGE).arg(due).arg(0).arg(-1)
            .arg("WITHSCORES")));
  }

  String field(String id, String name) throws Exception {
    var key = keys.slot(id).key("run", id);
    return String.valueOf(get(redis.send(key, Request.cmd(Command.HGET).arg(key).arg(name))));
  }

  static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
  }
}
