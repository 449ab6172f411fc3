/** What our cluster manager costs beside another one, in one session on one machine. */
@NullMarked
package dev.stepcast.bench.cluster;

import org.jspecify.annotations.NullMarked;
