/** JSON Schema at the doors: what bytes from outside must look like. */
@NullMarked
package dev.stepcast.platform.schema;

import org.jspecify.annotations.NullMarked;
