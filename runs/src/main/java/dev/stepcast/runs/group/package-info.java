/** Destinations under one name. {@link dev.stepcast.runs.group.UrlGroups} is the only way in. */
@NullMarked
package dev.stepcast.runs.group;

import org.jspecify.annotations.NullMarked;
