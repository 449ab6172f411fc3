@NullMarked
package dev.stepcast.standalone;

import org.jspecify.annotations.NullMarked;
