package dev.stepcast.schemas;

import org.jspecify.annotations.Nullable;

/**
 * Who holds a run.
 *
 * <p>Wire form: {@code schemas/parts/runLease.json}.
 *
 * @param worker what the name of the worker ends with
 * @param epoch how often the run was taken
 * @param until when the lease ends unless it is renewed, ms since the epoch
 */
public record RunLease(String worker, long epoch, @Nullable Long until) {}
