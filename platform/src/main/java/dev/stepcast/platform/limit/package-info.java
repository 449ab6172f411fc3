/** How often something may be done, over all replicas. */
@NullMarked
package dev.stepcast.platform.limit;

import org.jspecify.annotations.NullMarked;
