/** What is left of forgotten runs. {@link dev.stepcast.runs.trim.Trimmer} takes it away. */
@NullMarked
package dev.stepcast.runs.trim;

import org.jspecify.annotations.NullMarked;
