package dev.stepcast.schemas;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * 200 of GET /api/realtime/stats.
 *
 * <p>Wire form: {@code schemas/answers/realtimeStats.json}.
 *
 * @param channel the channel that was asked about
 * @param listeners its connections, on all nodes
 * @param length events that it keeps
 * @param lastId id of its last event
 * @param nodes those that answered in time
 */
public record RealtimeStats(@Nullable String channel, @Nullable Long listeners,
    @Nullable Long length, @Nullable String lastId, List<RealtimeNode> nodes) {
  public RealtimeStats {
    nodes = List.copyOf(nodes);
  }
}
