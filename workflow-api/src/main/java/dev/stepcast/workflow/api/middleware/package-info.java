/** What goes around every run and step of a workflow. */
@NullMarked
package dev.stepcast.workflow.api.middleware;

import org.jspecify.annotations.NullMarked;
