/** What a run costs, over the public HTTP interface. */
@NullMarked
package dev.stepcast.bench.workflow;

import org.jspecify.annotations.NullMarked;
