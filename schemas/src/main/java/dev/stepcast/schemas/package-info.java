@NullMarked
package dev.stepcast.schemas;

import org.jspecify.annotations.NullMarked;
