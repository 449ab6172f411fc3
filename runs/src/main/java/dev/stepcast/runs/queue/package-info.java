/** Queues of messages. {@link dev.stepcast.runs.queue.Queues} is the only way in. */
@NullMarked
package dev.stepcast.runs.queue;

import org.jspecify.annotations.NullMarked;
