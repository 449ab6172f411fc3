/** What time it is, for everybody: {@link dev.stepcast.platform.clock.RedisClock}. */
@NullMarked
package dev.stepcast.platform.clock;

import org.jspecify.annotations.NullMarked;
