/**
 * Whether there is room for new runs. {@link dev.stepcast.runs.admission.Admission} is the way in.
 */
@NullMarked
package dev.stepcast.runs.admission;

import org.jspecify.annotations.NullMarked;
