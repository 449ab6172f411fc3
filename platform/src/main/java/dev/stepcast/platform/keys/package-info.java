/** Names of Redis keys, and the partition that a name belongs to. */
@NullMarked
package dev.stepcast.platform.keys;

import org.jspecify.annotations.NullMarked;
