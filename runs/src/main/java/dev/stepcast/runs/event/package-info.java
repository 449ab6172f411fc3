/** Events that runs wait for. {@link dev.stepcast.runs.event.Notifier} sends them. */
@NullMarked
package dev.stepcast.runs.event;

import org.jspecify.annotations.NullMarked;
