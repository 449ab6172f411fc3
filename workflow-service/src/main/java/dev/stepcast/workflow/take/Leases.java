package dev.stepcast.workflow.take;

import dev.stepcast.runs.store.RunStore;
import dev.stepcast.runs.store.RunStore.Hold;
import dev.stepcast.workflow.execution.Executions;
import dev.stepcast.workflow.execution.Surroundings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * Keeps the held runs ours: renews every third of the lease, and gives a run up when five sixths
 * have passed without a renewal, counted from before it was asked for.
 */
public final class Leases {
  private final Vertx vertx;
  private final RunStore store;
  private final Executions executions;
  private final Duration lease;
  private final ToIntFunction<String> partition;
  private final Map<Hold, Long> renewed = new ConcurrentHashMap<>();
  private long timer = -1;

  /** Renews what {@code executions} hold; {@code partition} tells where a run is. */
  public Leases(Surroundings around, Executions executions, Duration lease,
      ToIntFunction<String> partition) {
    this.vertx = around.vertx();
    this.store = around.store();
    this.executions = executions;
    this.lease = lease;
    this.partition = partition;
  }

  /** Begins. */
  public void start() {
    timer = vertx.setPeriodic(Math.max(1, lease.toMillis() / 6), _ -> look());
  }

  /** Ends. */
  public void stop() {
    vertx.cancelTimer(timer);
  }

  /** Asks at once whether {@code run}, if we hold it, is still ours. */
  public void check(String run) {
    executions.held().stream().filter(hold -> hold.id().equals(run)).findFirst()
        .ifPresent(hold -> renew(partition.applyAsInt(run), List.of(hold),
            System.nanoTime() / 1_000_000));
  }

  private void look() {
    long now = System.nanoTime() / 1_000_000;
    var held = executions.held();
    renewed.keySet().retainAll(held);
    held.forEach(hold -> renewed.putIfAbsent(hold, now - lease.toMillis() / 6));
    renewed.forEach((hold, since) -> {
      if (now - since > lease.toMillis() * 5 / 6) {
        executions.drop(hold.id(), "its lease could not be renewed");
      }
    });
    var old = held.stream()
        .filter(hold -> now - renewed.getOrDefault(hold, now) >= lease.toMillis() / 3)
        .collect(Collectors.groupingBy(hold -> partition.applyAsInt(hold.id())));
    old.forEach((part, holds) -> renew(part, holds, now));
  }

  private Future<?> renew(int part, List<Hold> holds, long now) {
    return store.renew(part, holds, lease).onSuccess(lost -> {
      holds.forEach(hold -> renewed.computeIfPresent(hold, (_, _) -> now));
      lost.forEach(id -> executions.drop(id, "another node has it"));
    });
  }
}
