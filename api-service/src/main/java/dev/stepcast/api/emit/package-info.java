/** Events from outside onto channels. */
@NullMarked
package dev.stepcast.api.emit;

import org.jspecify.annotations.NullMarked;
