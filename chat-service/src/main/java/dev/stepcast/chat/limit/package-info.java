/** How often an address may ask. {@link dev.stepcast.chat.limit.Limits} is the only way in. */
@NullMarked
package dev.stepcast.chat.limit;

import org.jspecify.annotations.NullMarked;
