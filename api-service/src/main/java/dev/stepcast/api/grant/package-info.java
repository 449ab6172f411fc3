/** Grants for those who hold the API token. */
@NullMarked
package dev.stepcast.api.grant;

import org.jspecify.annotations.NullMarked;
