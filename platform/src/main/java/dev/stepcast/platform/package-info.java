@NullMarked
package dev.stepcast.platform;

import org.jspecify.annotations.NullMarked;
