@NullMarked
package dev.stepcast.workflow.api;

import org.jspecify.annotations.NullMarked;
