/**
 * How nodes hear at once that something is due. {@link dev.stepcast.runs.wake.Wakes} is the way in.
 */
@NullMarked
package dev.stepcast.runs.wake;

import org.jspecify.annotations.NullMarked;
