/** What a step throws to say more than "it failed". */
@NullMarked
package dev.stepcast.workflow.api.failure;

import org.jspecify.annotations.NullMarked;
