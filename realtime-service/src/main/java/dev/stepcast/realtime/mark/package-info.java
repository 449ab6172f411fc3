/** What an SSE stream tells the browser to come back with. */
@NullMarked
package dev.stepcast.realtime.mark;

import org.jspecify.annotations.NullMarked;
