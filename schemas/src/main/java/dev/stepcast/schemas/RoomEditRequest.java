package dev.stepcast.schemas;

/**
 * PATCH /api/rooms/{id}/messages/{message}.
 *
 * <p>Wire form: {@code schemas/requests/roomEdit.json}.
 *
 * @param text what it shall say; at most 4 KiB of UTF-8
 */
public record RoomEditRequest(String text) {}
