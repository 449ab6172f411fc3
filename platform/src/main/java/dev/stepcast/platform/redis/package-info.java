/** Connections to Redis by role, and the scripts that run there. */
@NullMarked
package dev.stepcast.platform.redis;

import org.jspecify.annotations.NullMarked;
