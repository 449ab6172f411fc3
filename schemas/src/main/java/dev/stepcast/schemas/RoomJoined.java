package dev.stepcast.schemas;

/**
 * 200 of POST /api/rooms/{id}/join.
 *
 * <p>Wire form: {@code schemas/answers/roomJoined.json}.
 *
 * @param member id of the member
 * @param alias what the member is called
 * @param expiresAt when the room ends, ms since the epoch
 * @param now the server's clock, ms since the epoch
 */
public record RoomJoined(String member, String alias, long expiresAt, long now) {}
