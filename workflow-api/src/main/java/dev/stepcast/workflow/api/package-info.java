/**
 * What an author of workflows compiles against: {@link dev.stepcast.workflow.api.Workflow} is what
 * to write, {@link dev.stepcast.workflow.api.WorkflowContext} what to call from it.
 */
@NullMarked
package dev.stepcast.workflow.api;

import org.jspecify.annotations.NullMarked;
