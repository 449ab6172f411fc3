package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/**
 * POST /api/rooms/{id}/join.
 *
 * <p>Wire form: {@code schemas/requests/roomJoin.json}.
 *
 * @param alias what to be called; drawn when absent
 */
public record JoinRoomRequest(@Nullable String alias) {}
