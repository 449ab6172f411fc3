package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/**
 * How much one node has to do.
 *
 * <p>Wire form: {@code schemas/parts/realtimeNode.json}.
 *
 * @param node its id, new with each start
 * @param connections open connections
 * @param channels channels followed, counted once for each event loop
 * @param lagging connections that are behind
 * @param backlogBytes what waits in memory for slow readers
 * @param listeners of the channel that was asked about
 */
public record RealtimeNode(String node, long connections, long channels, long lagging,
    long backlogBytes, @Nullable Long listeners) {}
