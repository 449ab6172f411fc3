/** The node's algorithm in a world where everything that may go wrong does, by seed. */
@NullMarked
package dev.stepcast.realtime.simulation;

import org.jspecify.annotations.NullMarked;
