/**
 * The service that runs workflows. {@link dev.stepcast.workflow.WorkflowService} is wiring only.
 */
@NullMarked
package dev.stepcast.workflow;

import org.jspecify.annotations.NullMarked;
