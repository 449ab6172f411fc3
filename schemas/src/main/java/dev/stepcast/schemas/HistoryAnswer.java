package dev.stepcast.schemas;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * 200 of GET /api/realtime/history.
 *
 * <p>Wire form: {@code schemas/answers/history.json}.
 *
 * @param events in order
 * @param cursor give it back to go on; absent at the end
 * @param gap what could not be told
 */
public record HistoryAnswer(List<EventFrame> events, @Nullable String cursor,
    RealtimeEvent.@Nullable Gap gap) {
  public HistoryAnswer {
    events = List.copyOf(events);
  }
}
