package dev.stepcast.schemas;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * 200 of GET /api/schedules.
 *
 * <p>Wire form: {@code schemas/answers/schedules.json}.
 *
 * @param schedules by id
 * @param cursor give it back to go on; absent at the end
 */
public record ScheduleList(List<ScheduleView> schedules, @Nullable String cursor) {
  public ScheduleList {
    schedules = List.copyOf(schedules);
  }
}
