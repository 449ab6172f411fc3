package dev.stepcast.schemas;

/**
 * 200 of GET /api/rooms/{id}.
 *
 * <p>Wire form: {@code schemas/answers/room.json}.
 *
 * @param roomId the room
 * @param expiresAt when it ends, ms since the epoch
 * @param now the server's clock, ms since the epoch
 * @param seats how many may be in it
 * @param taken how many are
 */
public record RoomView(String roomId, long expiresAt, long now, int seats, int taken) {}
