/** Rights to channels that were taken away before their grants end. */
@NullMarked
package dev.stepcast.platform.revocation;

import org.jspecify.annotations.NullMarked;
