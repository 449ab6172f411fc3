@NullMarked
package dev.stepcast.realtime;

import org.jspecify.annotations.NullMarked;
