/** Fixtures that all tests share: a real Redis, one that can be killed, a bad network. */
@NullMarked
package dev.stepcast.platform.testing;

import org.jspecify.annotations.NullMarked;
