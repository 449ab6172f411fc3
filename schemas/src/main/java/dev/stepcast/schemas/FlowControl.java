package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/**
 * How many runs of one key may go at once, and how many may start in a period.
 *
 * <p>Wire form: {@code schemas/parts/flowControl.json}.
 *
 * @param key runs with the same key share the limits
 * @param parallelism most runs at once
 * @param rate most starts in a period
 * @param periodMs length of the period, ms; one second when absent
 */
public record FlowControl(String key, @Nullable Integer parallelism, @Nullable Integer rate,
    @Nullable Integer periodMs) {}
