/** Gets due runs for this node. {@link dev.stepcast.workflow.take.Taker} is the way in. */
@NullMarked
package dev.stepcast.workflow.take;

import org.jspecify.annotations.NullMarked;
