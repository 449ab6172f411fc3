package dev.stepcast.schemas;

/**
 * 200 of DELETE /api/realtime/connections.
 *
 * <p>Wire form: {@code schemas/answers/connectionsClosed.json}.
 *
 * @param closed how many were closed
 */
public record ConnectionsClosed(long closed) {}
