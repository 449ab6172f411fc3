package dev.stepcast.schemas;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * 200 of GET /api/rooms/{id}/messages.
 *
 * <p>Wire form: {@code schemas/answers/roomMessages.json}.
 *
 * @param messages oldest first
 * @param cursor give it back to go on; absent at the end
 */
public record RoomMessages(List<ChatEvent.Message> messages, @Nullable String cursor) {
  public RoomMessages {
    messages = List.copyOf(messages);
  }
}
