/** How a step is run: {@link dev.stepcast.workflow.api.step.Step}. */
@NullMarked
package dev.stepcast.workflow.api.step;

import org.jspecify.annotations.NullMarked;
