/** The environment, read once into records. {@link dev.stepcast.platform.config.Env} is the only reader. */
@NullMarked
package dev.stepcast.platform.config;

import org.jspecify.annotations.NullMarked;
