/**
 * Runs whose steps an HTTP endpoint runs, and messages that are only delivered: the same run as any
 * other, with a list of messages and open deliveries.
 * {@link dev.stepcast.runs.endpoint.EndpointRuns} is what callers ask,
 * {@link dev.stepcast.runs.endpoint.Deliveries} what those who deliver do.
 */
@NullMarked
package dev.stepcast.runs.endpoint;

import org.jspecify.annotations.NullMarked;
