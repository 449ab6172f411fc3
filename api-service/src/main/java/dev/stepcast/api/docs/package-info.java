/** The API documents, and a viewer that needs nothing from elsewhere. */
@NullMarked
package dev.stepcast.api.docs;

import org.jspecify.annotations.NullMarked;
