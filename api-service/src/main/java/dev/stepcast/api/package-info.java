@NullMarked
package dev.stepcast.api;

import org.jspecify.annotations.NullMarked;
