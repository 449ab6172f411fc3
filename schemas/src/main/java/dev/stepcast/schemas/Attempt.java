package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/**
 * One attempt to run a step.
 *
 * <p>Wire form: {@code schemas/parts/attempt.json}.
 *
 * @param attempt which attempt, from 1
 * @param startedAt start of the attempt, ms since the epoch
 * @param tookMs how long it took, ms; absent while it runs
 * @param worker the node that ran it
 * @param error what it failed with
 * @param stack where it failed, for the author; the first few KiB of a stack trace
 */
public record Attempt(int attempt, long startedAt, @Nullable Long tookMs, String worker,
    @Nullable StepError error, @Nullable String stack) {}
