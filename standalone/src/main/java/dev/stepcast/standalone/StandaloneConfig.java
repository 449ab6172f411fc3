package dev.stepcast.standalone;

import dev.stepcast.platform.config.Env;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What only the stand-alone process may be told.
 *
 * @param dataDir  where the embedded Redis keeps its data
 * @param redisUrl a Redis to use instead of the embedded one; null for the embedded one
 */
record StandaloneConfig(Path dataDir, @Nullable String redisUrl) {

  static StandaloneConfig from(Env env) {
    var redis = env.given("REDIS_URL") ? env.text("REDIS_URL", "") : null;
    return new StandaloneConfig(Path.of(env.text("DATA_DIR", "./.stepcast")), redis);
  }
}
