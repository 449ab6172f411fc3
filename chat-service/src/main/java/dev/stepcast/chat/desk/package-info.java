/** What rooms are asked through: one script a command, and what it can answer. */
@NullMarked
package dev.stepcast.chat.desk;

import org.jspecify.annotations.NullMarked;
