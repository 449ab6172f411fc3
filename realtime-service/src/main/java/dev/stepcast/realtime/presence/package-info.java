/** Who is connected to this node, told to all. */
@NullMarked
package dev.stepcast.realtime.presence;

import org.jspecify.annotations.NullMarked;
