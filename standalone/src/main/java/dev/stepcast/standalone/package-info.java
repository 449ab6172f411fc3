/** All four services in one process, with a Redis of their own. */
@NullMarked
package dev.stepcast.standalone;

import org.jspecify.annotations.NullMarked;
