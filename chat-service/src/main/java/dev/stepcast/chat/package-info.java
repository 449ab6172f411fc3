/** Ephemeral rooms over HTTP. */
@NullMarked
package dev.stepcast.chat;

import org.jspecify.annotations.NullMarked;
