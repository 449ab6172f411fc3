/** HTTP for programs and pages: trigger and control runs, emit, grants; serves the web app. */
@NullMarked
package dev.stepcast.api;

import org.jspecify.annotations.NullMarked;
