/** Who may listen to a channel and how much of it is kept, by pattern. */
@NullMarked
package dev.stepcast.platform.policy;

import org.jspecify.annotations.NullMarked;
