/** The workflow of docs/WORKFLOWS.md and its test. */
@NullMarked
package dev.stepcast.workflow.guide;

import org.jspecify.annotations.NullMarked;
