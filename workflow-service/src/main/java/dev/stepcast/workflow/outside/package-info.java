/** HTTP calls to destinations that somebody else chose: {@link Caller} makes them, bounded. */
@NullMarked
package dev.stepcast.workflow.outside;

import org.jspecify.annotations.NullMarked;
