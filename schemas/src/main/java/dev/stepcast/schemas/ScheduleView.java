package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/**
 * A schedule: 201 of POST /api/schedules, 200 of GET /api/schedules/{id}.
 *
 * <p>Wire form: {@code schemas/answers/schedule.json}.
 *
 * @param scheduleId id of the schedule
 * @param cron five fields, or six with seconds first
 * @param zone time zone in which the fields are read
 * @param workflow name of the workflow that is run; absent where a message is sent
 * @param url where a message is sent; absent where a workflow is run
 * @param overlap what a tick does while the run of the one before has not ended
 * @param missed what becomes of ticks that nobody was there for
 * @param paused fires only when it is unpaused
 * @param createdAt when it was made, ms since the epoch
 * @param nextAt when it fires next, ms since the epoch
 * @param lastAt tick that it fired last, ms since the epoch
 * @param lastRunId what that started: a run, or a message
 * @param fired ticks fired
 * @param skipped ticks that came to nothing
 */
public record ScheduleView(String scheduleId, String cron, String zone, @Nullable String workflow,
    @Nullable String url, Overlap overlap, Missed missed, boolean paused, long createdAt,
    @Nullable Long nextAt, @Nullable Long lastAt, @Nullable String lastRunId, long fired,
    long skipped) {}
