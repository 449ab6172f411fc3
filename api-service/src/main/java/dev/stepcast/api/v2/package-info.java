/**
 * What programs with {@code @upstash/workflow} and {@code @upstash/qstash} ask for: {@code /v2}.
 * {@link dev.stepcast.api.v2.V2Routes} is the only way in.
 */
@NullMarked
package dev.stepcast.api.v2;

import org.jspecify.annotations.NullMarked;
