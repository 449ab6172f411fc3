package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/**
 * POST /api/rooms/{id}/messages, and POST /api/messages?roomId=.
 *
 * <p>Wire form: {@code schemas/requests/roomMessage.json}.
 *
 * @param text what to say; at most 4 KiB of UTF-8
 * @param sender default: the seat's alias
 * @param clientId the same one twice is one message
 */
public record RoomMessageRequest(String text, @Nullable String sender, @Nullable String clientId) {}
