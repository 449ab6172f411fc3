/** The channel log: what happened on a channel, stored and told in one step. */
@NullMarked
package dev.stepcast.platform.channel;

import org.jspecify.annotations.NullMarked;
