/** What callers ask of runs. {@link dev.stepcast.runs.control.Runs} is the only way in. */
@NullMarked
package dev.stepcast.runs.control;

import org.jspecify.annotations.NullMarked;
