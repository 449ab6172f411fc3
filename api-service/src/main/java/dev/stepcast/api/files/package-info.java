/** Files for browsers, from memory: {@link dev.stepcast.api.files.StaticFiles}. */
@NullMarked
package dev.stepcast.api.files;

import org.jspecify.annotations.NullMarked;
