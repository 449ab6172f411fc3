/** Signed rights to channels. */
@NullMarked
package dev.stepcast.platform.grant;

import org.jspecify.annotations.NullMarked;
