/** Limits that deliveries share. {@link dev.stepcast.runs.limit.Limits} is the only way in. */
@NullMarked
package dev.stepcast.runs.limit;

import org.jspecify.annotations.NullMarked;
