/** What deliveries are signed with. {@link dev.stepcast.runs.signing.SigningKeys} is the way in. */
@NullMarked
package dev.stepcast.runs.signing;

import org.jspecify.annotations.NullMarked;
