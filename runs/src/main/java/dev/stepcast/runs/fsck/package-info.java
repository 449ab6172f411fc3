/**
 * Holds what is in Redis against what must be true of it: {@link dev.stepcast.runs.fsck.Fsck}.
 */
@NullMarked
package dev.stepcast.runs.fsck;

import org.jspecify.annotations.NullMarked;
