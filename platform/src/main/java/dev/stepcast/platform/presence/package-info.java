/**
 * Who listens to a channel now, on whatever node. {@link dev.stepcast.platform.presence.Presence}
 * is the only way in.
 */
@NullMarked
package dev.stepcast.platform.presence;

import org.jspecify.annotations.NullMarked;
