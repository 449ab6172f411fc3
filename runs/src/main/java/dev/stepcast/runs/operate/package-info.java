/** Control of any run, whoever executes it: {@link dev.stepcast.runs.operate.AnyRun}. */
@NullMarked
package dev.stepcast.runs.operate;

import org.jspecify.annotations.NullMarked;
