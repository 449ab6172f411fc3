/** The durable run: its journal, its transitions, and what may be asked about it. */
@NullMarked
package dev.stepcast.runs;

import org.jspecify.annotations.NullMarked;
