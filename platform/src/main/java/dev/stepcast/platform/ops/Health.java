package dev.stepcast.platform.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/**
 * Whether this process should get traffic, and why not. Checks are asked on every probe, so they
 * must answer from memory.
 */
public final class Health {
  private final Map<String, Supplier<Optional<String>>> checks = new ConcurrentSkipListMap<>();
  private volatile boolean started;
  private volatile boolean draining;

  /** Adds a check: empty while well, else the reason that {@code /readyz} shows. */
  public void check(String name, Supplier<Optional<String>> check) {
    checks.put(name, check);
  }

  /** Everything has started. */
  public void started() {
    started = true;
  }

  /** New work must go elsewhere from now on. */
  public void draining() {
    draining = true;
  }

  /** Whether {@link #draining} was called. */
  public boolean isDraining() {
    return draining;
  }

  /** Why this process is not ready, one reason a line; empty when it is. */
  public List<String> reasons() {
    var reasons = new ArrayList<String>();
    if (!started) {
      reasons.add("starting");
    }
    if (draining) {
      reasons.add("draining");
    }
    checks.forEach((name, check) -> check.get()
        .ifPresent(reason -> reasons.add(name + ": " + reason)));
    return reasons;
  }
}
