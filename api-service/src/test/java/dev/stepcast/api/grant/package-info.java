/** Tests of what signs grants and takes rights back. */
@NullMarked
package dev.stepcast.api.grant;

import org.jspecify.annotations.NullMarked;
