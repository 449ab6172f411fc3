/**
 * What stands in a run's journal: one {@link dev.stepcast.runs.journal.Entry} a step, and notes.
 */
@NullMarked
package dev.stepcast.runs.journal;

import org.jspecify.annotations.NullMarked;
