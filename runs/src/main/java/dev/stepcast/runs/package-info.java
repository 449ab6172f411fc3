@NullMarked
package dev.stepcast.runs;

import org.jspecify.annotations.NullMarked;
