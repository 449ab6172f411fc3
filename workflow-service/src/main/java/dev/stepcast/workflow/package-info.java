@NullMarked
package dev.stepcast.workflow;

import org.jspecify.annotations.NullMarked;
