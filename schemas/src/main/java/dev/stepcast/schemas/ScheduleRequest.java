package dev.stepcast.schemas;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * POST /api/schedules.
 *
 * <p>Wire form: {@code schemas/requests/schedule.json}.
 *
 * @param scheduleId id the caller chose; what has it is replaced
 * @param cron five fields, or six with seconds first
 * @param zone time zone in which the fields are read; UTC when absent
 * @param workflow name of the workflow that is run
 * @param payload any JSON
 * @param retries attempts of a step after the first
 * @param labels of the runs, to find them by
 * @param flowControl limits the runs share with others
 * @param overlap what a tick does while the run of the one before has not ended
 * @param missed what becomes of ticks that nobody was there for
 * @param paused fires only when it is unpaused; as it was when absent
 */
public record ScheduleRequest(@Nullable String scheduleId, String cron, @Nullable String zone,
    String workflow, @Nullable RawJson payload, @Nullable Integer retries,
    @Nullable List<String> labels, @Nullable FlowControl flowControl, @Nullable Overlap overlap,
    @Nullable Missed missed, @Nullable Boolean paused) {
  public ScheduleRequest {
    labels = labels == null ? null : List.copyOf(labels);
  }
}
