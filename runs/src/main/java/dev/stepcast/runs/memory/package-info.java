/** Runs without Redis. {@link dev.stepcast.runs.memory.MemoryRunStore} is the way in. */
@NullMarked
package dev.stepcast.runs.memory;

import org.jspecify.annotations.NullMarked;
