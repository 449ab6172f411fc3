package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/**
 * A run's place under its flow control key.
 *
 * <p>Wire form: {@code schemas/parts/flowPlace.json}.
 *
 * @param key runs with the same key share the limits
 * @param parallelism most runs at once
 * @param rate most starts in a period
 * @param holds it has a slot
 * @param active runs that have a slot
 * @param ahead runs before it in the queue; absent where it is not in it
 */
public record FlowPlace(String key, @Nullable Integer parallelism, @Nullable Integer rate,
    boolean holds, int active, @Nullable Integer ahead) {}
