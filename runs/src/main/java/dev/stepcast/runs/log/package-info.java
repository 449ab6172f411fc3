/** What happened to messages. {@link dev.stepcast.runs.log.MessageLog} is the only way in. */
@NullMarked
package dev.stepcast.runs.log;

import org.jspecify.annotations.NullMarked;
