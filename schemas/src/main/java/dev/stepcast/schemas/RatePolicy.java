package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/**
 * How often events may be emitted on a channel, a quarter of a minute's at once.
 *
 * <p>Wire form: {@code schemas/parts/ratePolicy.json}.
 *
 * @param channelPerMinute by everybody together; absent: no limit
 * @param subjectPerMinute by the holder of a grant; absent: no limit
 */
public record RatePolicy(@Nullable Integer channelPerMinute, @Nullable Integer subjectPerMinute) {}
