/**
 * Redis over HTTP for programs that use {@code @upstash/redis}: their channels are our channels,
 * their other keys live apart. {@link RedisRoutes} is the only way in.
 */
@NullMarked
package dev.stepcast.api.redis;

import org.jspecify.annotations.NullMarked;
