package dev.stepcast.schemas;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * 200 of GET /api/rooms/{id}/messages.
 *
 * <p>Wire form: {@code schemas/answers/roomMessages.json}.
 *
 * @param messages a changed one stands where it was changed: order by sequence
 * @param cursor give it back to go on; absent at the end
 */
public record RoomMessages(List<ChatEvent.Message> messages, @Nullable String cursor) {
  public RoomMessages {
    messages = List.copyOf(messages);
  }
}
