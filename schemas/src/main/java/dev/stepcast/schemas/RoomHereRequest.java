package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/**
 * POST /api/rooms/{id}/here.
 *
 * <p>Wire form: {@code schemas/requests/roomHere.json}.
 *
 * @param here false: going away; default true
 */
public record RoomHereRequest(@Nullable Boolean here) {}
