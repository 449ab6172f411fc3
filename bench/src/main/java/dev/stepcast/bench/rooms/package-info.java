/** What rooms carry, measured from outside, through the public protocol only. */
@NullMarked
package dev.stepcast.bench.rooms;

import org.jspecify.annotations.NullMarked;
