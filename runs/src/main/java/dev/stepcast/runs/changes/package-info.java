/** How runs move, as it happens. {@link dev.stepcast.runs.changes.ChangeFeed} is the way in. */
@NullMarked
package dev.stepcast.runs.changes;

import org.jspecify.annotations.NullMarked;
