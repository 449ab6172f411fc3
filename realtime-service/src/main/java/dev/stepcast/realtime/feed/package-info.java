/**
 * The node's one view of each channel that somebody here listens to: subscribed, without a hole,
 * repaired by reads. Pure: {@link dev.stepcast.realtime.feed.Hub.World} does everything else.
 */
@NullMarked
package dev.stepcast.realtime.feed;

import org.jspecify.annotations.NullMarked;
