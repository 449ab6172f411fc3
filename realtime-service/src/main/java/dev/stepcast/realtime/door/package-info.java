/** What clients see: the request, the two transports, who may listen to what. */
@NullMarked
package dev.stepcast.realtime.door;

import org.jspecify.annotations.NullMarked;
