package dev.stepcast.schemas;

/**
 * 201 of POST /api/rooms.
 *
 * <p>Wire form: {@code schemas/answers/roomCreated.json}.
 *
 * @param roomId the room
 * @param expiresAt when it ends, ms since the epoch
 * @param now the server's clock, ms since the epoch
 */
public record RoomCreated(String roomId, long expiresAt, long now) {}
