package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/**
 * Who may use channels of a pattern and how long they remember.
 *
 * <p>Wire form: {@code schemas/parts/channelPolicy.json}.
 *
 * @param pattern A channel name, or a prefix and *
 * @param access everybody, or holders of a grant
 * @param history what it keeps; absent: the default
 * @param presence whether it is known who listens; absent: for rooms only
 * @param rates how often events may be emitted; absent: as often as one likes
 */
public record ChannelPolicy(String pattern, ChannelAccess access,
    @Nullable HistoryPolicy history, @Nullable PresencePolicy presence,
    @Nullable RatePolicy rates) {}
