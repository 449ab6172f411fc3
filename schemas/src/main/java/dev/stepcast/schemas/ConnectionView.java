package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/**
 * An open connection.
 *
 * <p>Wire form: {@code schemas/parts/connectionView.json}.
 *
 * @param id con_…
 * @param node on which node
 * @param transport how it is connected
 * @param subject of its first grant
 * @param sinceAt since when, ms since the epoch
 * @param channels how many it listens to
 * @param backlogBytes what waits in memory for it
 * @param lagging whether it is behind
 */
public record ConnectionView(String id, String node, ConnectionTransport transport,
    @Nullable String subject,
    long sinceAt, long channels, long backlogBytes, boolean lagging) {}
