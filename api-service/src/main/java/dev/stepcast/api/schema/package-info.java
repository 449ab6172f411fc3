/** The schemas of events, for those who want to know what may be emitted. */
@NullMarked
package dev.stepcast.api.schema;

import org.jspecify.annotations.NullMarked;
