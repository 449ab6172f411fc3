/** Workflows to begin with: the smallest useful one, and one that makes a good demo. */
@NullMarked
package dev.stepcast.workflow.sample;

import org.jspecify.annotations.NullMarked;
