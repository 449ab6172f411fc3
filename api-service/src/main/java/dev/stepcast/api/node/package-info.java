/** What only live nodes know, asked over the bus. */
@NullMarked
package dev.stepcast.api.node;

import org.jspecify.annotations.NullMarked;
