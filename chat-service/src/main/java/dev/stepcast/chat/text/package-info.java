/** What people may be called and say: one form for one text, nothing invisible, nothing blank. */
@NullMarked
package dev.stepcast.chat.text;

import org.jspecify.annotations.NullMarked;
