/** The format of a log line. */
@NullMarked
package dev.stepcast.platform.log;

import org.jspecify.annotations.NullMarked;
