/**
 * Runs steps by calling HTTP endpoints, and delivers messages.
 * {@link dev.stepcast.workflow.endpoint.EndpointExecutor} is the only way in.
 */
@NullMarked
package dev.stepcast.workflow.endpoint;

import org.jspecify.annotations.NullMarked;
