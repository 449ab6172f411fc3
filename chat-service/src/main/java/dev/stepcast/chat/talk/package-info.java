/** What is said in rooms. {@link dev.stepcast.chat.talk.Talk} is the only way in. */
@NullMarked
package dev.stepcast.chat.talk;

import org.jspecify.annotations.NullMarked;
