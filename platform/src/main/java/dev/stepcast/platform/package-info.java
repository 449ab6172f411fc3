/** What every service stands on. {@link dev.stepcast.platform.Platform} holds it together. */
@NullMarked
package dev.stepcast.platform;

import org.jspecify.annotations.NullMarked;
