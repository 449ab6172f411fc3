/**
 * One run on one virtual thread: replays its journal, runs the steps that are not in it, records
 * them. {@link dev.stepcast.workflow.execution.Executions} is the way in.
 */
@NullMarked
package dev.stepcast.workflow.execution;

import org.jspecify.annotations.NullMarked;
