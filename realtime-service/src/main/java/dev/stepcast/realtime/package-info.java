/** Channels over SSE and WebSocket to browsers. */
@NullMarked
package dev.stepcast.realtime;

import org.jspecify.annotations.NullMarked;
