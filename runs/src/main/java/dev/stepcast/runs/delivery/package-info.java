/**
 * What is delivered to endpoints, and what holds for all deliveries of a run or message:
 * {@link dev.stepcast.runs.delivery.Spec} and {@link dev.stepcast.runs.delivery.Config}.
 */
@NullMarked
package dev.stepcast.runs.delivery;

import org.jspecify.annotations.NullMarked;
