package dev.stepcast.schemas;

/**
 * POST /api/rooms/{id}/read.
 *
 * <p>Wire form: {@code schemas/requests/roomRead.json}.
 *
 * @param sequence the last message read
 */
public record RoomReadRequest(long sequence) {}
