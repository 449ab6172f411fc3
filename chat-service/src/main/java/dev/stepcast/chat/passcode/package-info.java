/** Passcodes of rooms, kept as salted hashes only. */
@NullMarked
package dev.stepcast.chat.passcode;

import org.jspecify.annotations.NullMarked;
