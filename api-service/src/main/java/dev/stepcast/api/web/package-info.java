/** The pages, and what the kinds of problems mean. */
@NullMarked
package dev.stepcast.api.web;

import org.jspecify.annotations.NullMarked;
