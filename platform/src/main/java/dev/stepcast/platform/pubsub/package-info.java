/** What rings: one subscribed connection that comes back by itself. */
@NullMarked
package dev.stepcast.platform.pubsub;

import org.jspecify.annotations.NullMarked;
