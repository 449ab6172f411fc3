/**
 * Workflows in plain unit tests. {@link dev.stepcast.workflow.testing.TestEngine} is the way in.
 */
@NullMarked
package dev.stepcast.workflow.testing;

import org.jspecify.annotations.NullMarked;
