/** How a service starts, serves, drains and stops. */
@NullMarked
package dev.stepcast.platform.service;

import org.jspecify.annotations.NullMarked;
