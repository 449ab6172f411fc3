/**
 * What happens by the clock. {@link dev.stepcast.runs.schedule.Schedules} is what callers ask,
 * {@link dev.stepcast.runs.schedule.Clockwork} what nodes run.
 */
@NullMarked
package dev.stepcast.runs.schedule;

import org.jspecify.annotations.NullMarked;
