/** What is sent, encoded once and shared by everybody it is sent to. */
@NullMarked
package dev.stepcast.realtime.frame;

import org.jspecify.annotations.NullMarked;
