/** Questions between live nodes. {@link dev.stepcast.platform.bus.Bus} is the only way in. */
@NullMarked
package dev.stepcast.platform.bus;

import org.jspecify.annotations.NullMarked;
