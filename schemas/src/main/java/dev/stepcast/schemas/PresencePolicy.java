package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/**
 * Whether it is known who listens to a channel.
 *
 * <p>Wire form: {@code schemas/parts/presencePolicy.json}.
 *
 * @param kept whether it is known who is there
 * @param graceMs how long somebody whose last connection ended counts as there, ms
 * @param membersMax so many are known at most; who comes then is not
 */
public record PresencePolicy(boolean kept, @Nullable Long graceMs, @Nullable Integer membersMax) {}
