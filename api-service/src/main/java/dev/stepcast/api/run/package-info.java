/** Runs over HTTP: trigger, look, cancel, pause. */
@NullMarked
package dev.stepcast.api.run;

import org.jspecify.annotations.NullMarked;
