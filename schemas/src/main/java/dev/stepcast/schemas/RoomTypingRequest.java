package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/**
 * POST /api/rooms/{id}/typing.
 *
 * <p>Wire form: {@code schemas/requests/roomTyping.json}.
 *
 * @param typing false: stopped; default true
 */
public record RoomTypingRequest(@Nullable Boolean typing) {}
