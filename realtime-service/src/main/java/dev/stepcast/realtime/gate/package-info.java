/** How many may connect. */
@NullMarked
package dev.stepcast.realtime.gate;

import org.jspecify.annotations.NullMarked;
