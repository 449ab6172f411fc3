/** A Redis server of our own, for stand-alone use and tests. */
@NullMarked
package dev.stepcast.platform.embedded;

import org.jspecify.annotations.NullMarked;
