/** The environment, read once into records. Only Env reads it. */
@NullMarked
package dev.stepcast.platform.config;

import org.jspecify.annotations.NullMarked;
