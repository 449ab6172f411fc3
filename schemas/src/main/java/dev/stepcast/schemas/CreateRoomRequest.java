package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/**
 * POST /api/rooms.
 *
 * <p>Wire form: {@code schemas/requests/roomCreate.json}.
 *
 * @param ttlMs how long the room lives, ms; 1 min to 24 h, default 10 min
 * @param seats how many may be in it; default 2
 * @param name what to call it; seen by who has the link
 * @param passcode what joining needs; kept as a salted hash only
 * @param encrypted whether texts must be encrypted end to end; default false
 */
public record CreateRoomRequest(@Nullable Integer ttlMs, @Nullable Integer seats,
    @Nullable String name,
    @Nullable String passcode, @Nullable Boolean encrypted) {}
