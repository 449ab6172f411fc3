/** Where one is on a channel, and how clients say it. */
@NullMarked
package dev.stepcast.realtime.position;

import org.jspecify.annotations.NullMarked;
