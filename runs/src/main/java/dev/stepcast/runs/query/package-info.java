/** What callers may know about runs. {@link dev.stepcast.runs.query.RunQueries} is the way in. */
@NullMarked
package dev.stepcast.runs.query;

import org.jspecify.annotations.NullMarked;
