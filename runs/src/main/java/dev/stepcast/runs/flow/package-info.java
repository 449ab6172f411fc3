/** Limits that runs share by a key. {@link dev.stepcast.runs.flow.FlowBook} keeps them. */
@NullMarked
package dev.stepcast.runs.flow;

import org.jspecify.annotations.NullMarked;
