/** What joins the pure parts to Vert.x: the hub's context, its session with Redis, the loops. */
@NullMarked
package dev.stepcast.realtime.node;

import org.jspecify.annotations.NullMarked;
