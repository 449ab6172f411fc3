package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/**
 * How much history a channel keeps.
 *
 * <p>Wire form: {@code schemas/parts/historyPolicy.json}.
 *
 * @param maxLength events kept
 * @param maxAgeMs how long they are kept, ms
 */
public record HistoryPolicy(@Nullable Integer maxLength, @Nullable Long maxAgeMs) {}
