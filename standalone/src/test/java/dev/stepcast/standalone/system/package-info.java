/** The whole of Stepcast through its public protocols, as its users and its accidents see it. */
@NullMarked
package dev.stepcast.standalone.system;

import org.jspecify.annotations.NullMarked;
