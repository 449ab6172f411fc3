/** What operators see of the fan-out. */
@NullMarked
package dev.stepcast.realtime.meter;

import org.jspecify.annotations.NullMarked;
