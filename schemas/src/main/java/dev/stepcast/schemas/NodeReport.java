package dev.stepcast.schemas;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A live process; all but the first two are what it told of itself, absent where it is silent.
 *
 * <p>Wire form: {@code schemas/parts/nodeReport.json}.
 *
 * @param node its id, new with each start
 * @param silent whether it did not reply within a second: busy, cut off, or about to be given up
 * @param services what it runs
 * @param host address it listens on
 * @param port port of its public surface
 * @param startedAt when it started, ms since the epoch
 * @param draining whether it is about to stop
 * @param load what it has in hand: connections, runs
 */
public record NodeReport(String node, boolean silent, @Nullable List<String> services,
    @Nullable String host, @Nullable Integer port, @Nullable Long startedAt,
    @Nullable Boolean draining, @Nullable Map<String, Long> load) {
  public NodeReport {
    services = services == null ? null : List.copyOf(services);
    load = load == null ? null : Map.copyOf(load);
  }

  /** One that did not reply. */
  public static NodeReport silent(String node) {
    return new NodeReport(node, true, null, null, null, null, null, null);
  }
}
