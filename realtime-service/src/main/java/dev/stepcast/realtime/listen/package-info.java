/**
 * The connections of one event loop: where each is on its channels, what waits to be written.
 * Pure: {@link dev.stepcast.realtime.listen.Audience.World} and
 * {@link dev.stepcast.realtime.listen.Listener.Outlet} do everything else.
 */
@NullMarked
package dev.stepcast.realtime.listen;

import org.jspecify.annotations.NullMarked;
