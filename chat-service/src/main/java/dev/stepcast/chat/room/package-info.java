/** The life of rooms. {@link dev.stepcast.chat.room.Rooms} is the only way in. */
@NullMarked
package dev.stepcast.chat.room;

import org.jspecify.annotations.NullMarked;
