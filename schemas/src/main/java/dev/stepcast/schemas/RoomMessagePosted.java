package dev.stepcast.schemas;

/**
 * 201 of POST /api/rooms/{id}/messages.
 *
 * <p>Wire form: {@code schemas/answers/roomMessagePosted.json}.
 *
 * @param id id of the message, msg_…
 * @param sequence from 1, no gaps within a room
 * @param timestamp when the room took it, ms since the epoch
 */
public record RoomMessagePosted(String id, long sequence, long timestamp) {}
