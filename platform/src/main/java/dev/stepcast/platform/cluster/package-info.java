/**
 * A Vert.x cluster on nothing but Redis: {@link dev.stepcast.platform.cluster.ClusterOnRedis} is
 * the {@code ClusterManager}, {@link dev.stepcast.platform.cluster.ClusterOptions} what it may be
 * told. It knows nothing of the rest of this project but how to reach Redis; docs/CLUSTER.md
 * explains it.
 */
@NullMarked
package dev.stepcast.platform.cluster;

import org.jspecify.annotations.NullMarked;
