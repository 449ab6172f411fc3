/** The transports through their real port, against a real Redis. */
@NullMarked
package dev.stepcast.realtime.transport;

import org.jspecify.annotations.NullMarked;
