package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/**
 * POST /api/rooms.
 *
 * <p>Wire form: {@code schemas/requests/roomCreate.json}.
 *
 * @param ttlMs how long the room lives, ms; 1 min to 24 h, default 10 min
 * @param seats how many may be in it; default 2
 */
public record CreateRoomRequest(@Nullable Integer ttlMs, @Nullable Integer seats) {}
