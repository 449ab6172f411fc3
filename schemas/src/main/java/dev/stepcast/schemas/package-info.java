/**
 * The wire contract in Java: one record for each schema file below {@code schemas/}, typed
 * constants for the events and bodies, and {@link dev.stepcast.schemas.Wire}, the one door to JSON.
 *
 * <p>Components without {@code @Nullable} are required on the wire, the others are left out when
 * they are null. A component added later is {@code @Nullable}, so that old texts can still be read.
 */
@NullMarked
package dev.stepcast.schemas;

import org.jspecify.annotations.NullMarked;
