@NullMarked
package dev.stepcast.chat;

import org.jspecify.annotations.NullMarked;
