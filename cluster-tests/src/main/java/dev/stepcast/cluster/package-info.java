/** Vert.x' own tests of what a cluster manager owes it, run against ours on a real Redis. */
@NullMarked
package dev.stepcast.cluster;

import org.jspecify.annotations.NullMarked;
