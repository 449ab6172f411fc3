/** Lists that update themselves: moves of runs, folded into events. */
@NullMarked
package dev.stepcast.api.live;

import org.jspecify.annotations.NullMarked;
