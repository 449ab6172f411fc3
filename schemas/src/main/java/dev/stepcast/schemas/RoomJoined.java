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
 * @param owner whether they may lock and kick: whoever joined first
 * @param rejoined whether the seat was theirs before
 */
public record RoomJoined(String member, String alias, long expiresAt, long now, boolean owner,
    boolean rejoined) {}
