/** What callers are told when the answer is no (RFC 9457). */
@NullMarked
package dev.stepcast.platform.problem;

import org.jspecify.annotations.NullMarked;
