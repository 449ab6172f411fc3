/** The HTTP door: problems, bounded and checked bodies, foreign origins kept out. */
@NullMarked
package dev.stepcast.platform.http;

import org.jspecify.annotations.NullMarked;
