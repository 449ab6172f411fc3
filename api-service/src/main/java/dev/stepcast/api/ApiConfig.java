package dev.stepcast.api;

import dev.stepcast.platform.config.Env;
import org.jspecify.annotations.Nullable;

/**
 * Everything about api-service that an operator may change.
 *
 * @param triggerDefault the workflow that an empty POST /api/trigger starts; null refuses it
 * @param channelsConfig file with channel policies; null for the defaults
 */
public record ApiConfig(@Nullable String triggerDefault, @Nullable String channelsConfig) {

  /** Reads the variables; mistakes are noted in {@code env}. */
  public static ApiConfig from(Env env) {
    return new ApiConfig(env.optional("TRIGGER_DEFAULT"), env.optional("CHANNELS_CONFIG"));
  }
}
