/** Which workflows some node can run. {@link dev.stepcast.runs.catalog.Catalog} is the way in. */
@NullMarked
package dev.stepcast.runs.catalog;

import org.jspecify.annotations.NullMarked;
