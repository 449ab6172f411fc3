/** What operators look at: health, metrics. */
@NullMarked
package dev.stepcast.platform.ops;

import org.jspecify.annotations.NullMarked;
