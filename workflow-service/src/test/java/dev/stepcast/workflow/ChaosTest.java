package dev.stepcast.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.embedded.EmbeddedRedis;
import dev.stepcast.platform.testing.FaultProxy;
import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.runs.flow.FlowBook;
import dev.stepcast.runs.fsck.Fsck;
import dev.stepcast.schemas.FlowControl;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.TriggerRequest;
import dev.stepcast.workflow.api.Workflow;
import dev.stepcast.workflow.api.WorkflowContext;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real Redis behind a bad network: nodes crash, connections are cut, Redis is killed and comes back
 * from its file, and every acknowledged run ends as it must. {@code -Dsoak=true} makes that three
 * hundred faults. {@code -Dseed=…} draws the same faults again, though not at the same moments.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ChaosTest extends WithNodes {
  private static final int FAULTS = Boolean.getBoolean("soak") ? 300 : 6;
  private static final int NODES = 3;
  private static final int STEPS = 4;
  private static final Duration WITHIN = Duration.ofMinutes(2);
  private static final FlowControl FLOW = new FlowControl("chaos", 3, null, null);

  private final Random random = new Random(Long.getLong("seed", System.nanoTime()));
  private final Ledger ledger = new Ledger();
  private final List<Node> up = new ArrayList<>();
  private final List<String> runs = new CopyOnWriteArrayList<>();
  private final Vertx vertx = Vertx.vertx();

  /** Each step's effect, counted; what was recorded is known as soon as the next step begins. */
  private static final class Ledger {
    final Map<String, Integer> effects = new ConcurrentHashMap<>();
    final List<String> broken = new CopyOnWriteArrayList<>();
    private final Map<String, Boolean> recorded = new ConcurrentHashMap<>();
    private final Map<Thread, String> ranAgain = new ConcurrentHashMap<>();

    /** Who ran a recorded step again was fenced, so it can never get as far as another step. */
    void effect(String key, String before) {
      var again = ranAgain.get(Thread.currentThread());
      if (again != null) {
        broken.add(again + " was recorded, ran again, and its holder went on");
      }
      if (!before.isEmpty()) {
        recorded.put(before, true);
      }
      if (recorded.containsKey(key)) {
        ranAgain.put(Thread.currentThread(), key);
      }
      effects.merge(key, 1, Integer::sum);
    }
  }

  private Workflow<?, ?> order() {
    return workflow("order", context -> {
      int sum = step(context, 0);
      context.sleep("cool-down", Duration.ofMillis(1_100));
      for (int i = 1; i < STEPS; i++) {
        sum += step(context, i);
      }
      return sum + context.invoke("child", "part", null, Integer.class);
    });
  }

  private int step(WorkflowContext context, int number) {
    return context.run("step-" + number, () -> {
      // the sleep is the second entry of the journal
      ledger.effect(context.runId() + " " + number,
          number == 0 ? "" : context.runId() + " " + (number - 1));
      TimeUnit.MILLISECONDS.sleep(random.nextInt(40));
      return number;
    });
  }

  private Workflow<?, ?> part() {
    return workflow("part", context -> context.run("part", () -> {
      ledger.effect(context.runId() + " part", "");
      return 100;
    }));
  }

  @Test
  void loses_nothing_that_was_acknowledged_and_leaves_nothing_stuck(@TempDir Path dir)
      throws Exception {
    // Synced on every write: what was acknowledged is kept even if the kill comes at once.
    var redis = TestRedis.own(0, dir, "--appendfsync", "always");
    var proxy = Node.get(FaultProxy.start(vertx, redis.port()));
    try {
      for (int i = 0; i < NODES; i++) {
        up.add(start(proxy));
      }
      for (int i = 0; i < FAULTS; i++) {
        trigger(6);
        TimeUnit.MILLISECONDS.sleep(200 + random.nextInt(600)); // when a fault comes is chance
        redis = fault(i < 3 ? i : random.nextInt(4), redis, proxy, dir);
      }
      verify(up.getLast());
    } finally {
      stopAll();
      redis.close();
      Node.get(proxy.close().eventually(vertx::close));
    }
  }

  private Node start(FaultProxy proxy) throws Exception {
    return node(Map.of("REDIS_URL", "redis://127.0.0.1:" + proxy.port(), "RUN_LEASE_MS", "2500"),
        order(), part());
  }

  private EmbeddedRedis fault(int kind, EmbeddedRedis redis, FaultProxy proxy, Path dir)
      throws Exception {
    switch (kind) {
      case 0 -> {
        redis.kill();
        return TestRedis.own(redis.port(), dir, "--appendfsync", "always");
      }
      case 1 -> proxy.cutAll();
      default -> {
        up.remove(random.nextInt(up.size())).crash();
        up.add(start(proxy));
      }
    }
    return redis;
  }

  /** Sends the same request until it is acknowledged, as a client with an id of its own does. */
  private void trigger(int count) {
    for (int i = 0; i < count; i++) {
      var id = "wfr_chaos" + runs.size();
      var request = new TriggerRequest("order", new RawJson("null"), id, null, null, null, null,
          runs.size() % 3 == 0 ? FLOW : null);
      await().atMost(WITHIN).pollInterval(Duration.ofMillis(50)).ignoreExceptions()
          .until(() -> up.getFirst().triggered(request));
      runs.add(id);
    }
  }

  private void verify(Node node) throws Exception {
    for (var run : runs) {
      await().atMost(WITHIN).pollInterval(Duration.ofMillis(50)).ignoreExceptions()
          .until(() -> node.view(run).state().ended());
      var view = node.view(run);
      assertThat(view.state()).as(run + " " + view.error()).isEqualTo(RunState.SUCCEEDED);
      assertThat(view.result()).as(run).isEqualTo(new RawJson("106"));
      assertThat(view.steps()).as(run).hasSize(STEPS + 2);
      assertThat(node.events(run).stream().filter("workflow.runFinish"::equals)).hasSize(1);
      for (int i = 0; i < STEPS; i++) {
        assertThat(ledger.effects).containsKey(run + " " + i);
      }
    }
    assertThat(ledger.broken).isEmpty();
    var book = FlowBook.redis(node.platform.redis(), node.platform.keys());
    await().atMost(WITHIN).until(() -> Node.get(book.view(FLOW.key())),
        view -> view.active().isEmpty() && view.queued().isEmpty());
    var report = Node.get(new Fsck(vertx, node.platform.redis(), node.platform.keys()).check());
    assertThat(report.runs()).isGreaterThanOrEqualTo(runs.size());
    assertThat(report.sound()).as(report.toString()).isTrue();
  }
}
