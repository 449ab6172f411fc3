/** Programs of other people's npm packages, unmodified, against all of Stepcast. */
@NullMarked
package dev.stepcast.standalone.dropin;

import org.jspecify.annotations.NullMarked;
