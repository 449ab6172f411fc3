/**
 * The workflows that this node can run. {@link dev.stepcast.workflow.registry.Registry} has them.
 */
@NullMarked
package dev.stepcast.workflow.registry;

import org.jspecify.annotations.NullMarked;
