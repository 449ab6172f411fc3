/** How many runs of endpoints a second: {@link dev.stepcast.bench.endpoint.EndpointBench}. */
@NullMarked
package dev.stepcast.bench.endpoint;

import org.jspecify.annotations.NullMarked;
