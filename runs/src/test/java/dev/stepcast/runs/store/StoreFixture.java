package dev.stepcast.runs.store;

import static java.util.concurrent.TimeUnit.SECONDS;
import dev.stepcast.runs.store.RunStore.Delivery;
import dev.stepcast.runs.store.RunStore.Hold;
import dev.stepcast.runs.store.RunStore.Leased;
import dev.stepcast.runs.store.RunStore.NewRun;
import dev.stepcast.runs.store.RunStore.Parking;
import dev.stepcast.runs.store.RunStore.Start;
import dev.stepcast.runs.store.RunStore.Take;
import dev.stepcast.runs.store.RunStore.Told;
import dev.stepcast.runs.store.RunStore.Write;
import dev.stepcast.schemas.RunState;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** How a test of stores speaks. */
abstract class StoreFixture {
  static final Duration LEASE = Duration.ofSeconds(60);
  static final Parking ASLEEP = new Parking(RunState.SLEEPING, Long.MAX_VALUE, Set.of());
  final AtomicLong number = new AtomicLong();

  /** The store under test, empty at the start of each test. */
  abstract RunStore store();

  /** Names of the events on a run's channel. */
  abstract List<String> told(String id) throws Exception;

  Leased held(String id) throws Exception {
    trigger(id);
    return take("n").getFirst();
  }

  void trigger(String id) throws Exception {
    get(store().trigger(run(id, "h", Optional.empty())));
  }

  List<Leased> take(String nonce) throws Exception {
    return get(store().take(new Take(0, "java", 10, nonce, number.incrementAndGet(), LEASE)))
        .runs();
  }

  RunState state(String id) throws Exception {
    return get(store().read(id)).orElseThrow().state();
  }

  static Hold hold(Leased leased, long number) {
    return new Hold(leased.id(), leased.token(), number);
  }

  static Write entry(String path, String name) {
    return new Write(Map.of("j:" + path, "{\"n\":\"" + name + "\",\"at\":"),
        List.of(new Told("workflow.stepFinish", "{\"at\":")));
  }

  static Write waits(String path) {
    return new Write(Map.of("w:" + path, "{}"), List.of());
  }

  static Delivery delivery(String what) {
    return new Delivery("wfr_a", "0", "{\"n\":\"" + what + "\",\"at\":", Optional.empty(),
        new Told("workflow.stepFinish", "{\"at\":"));
  }

  static NewRun run(String id, String hash, Optional<String> key) {
    return new NewRun(id, hash, key, new Start(0, 0), List.of(), start(), fields());
  }

  static Map<String, String> fields() {
    return Map.of(RunImage.WORKFLOW, "w", RunImage.VERSION, "1",
        RunImage.POOL, "java", RunImage.CONFIG, "{}", RunImage.PAYLOAD, "null");
  }

  static Told start() {
    return new Told("workflow.runStart", "{\"at\":");
  }

  static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
  }
}
