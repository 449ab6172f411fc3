/**
 * Where runs are. {@link dev.stepcast.runs.store.RunStore} is every transition a run can make, each
 * one atomic; {@link dev.stepcast.runs.store.RunImage} is a run as it is stored.
 */
@NullMarked
package dev.stepcast.runs.store;

import org.jspecify.annotations.NullMarked;
