/** What a process does to itself before it is ready, so that its first clients find it quick. */
@NullMarked
package dev.stepcast.realtime.warm;

import org.jspecify.annotations.NullMarked;
