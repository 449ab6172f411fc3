package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/**
 * POST /api/rooms/{id}/join.
 *
 * <p>Wire form: {@code schemas/requests/roomJoin.json}.
 *
 * @param alias what to be called; drawn when absent
 * @param passcode where the room has one; not needed to come back to one's seat
 */
public record JoinRoomRequest(@Nullable String alias, @Nullable String passcode) {}
