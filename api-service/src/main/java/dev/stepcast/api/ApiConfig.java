package dev.stepcast.api;

import dev.stepcast.api.v2.V2Config;
import dev.stepcast.platform.config.Env;
import dev.stepcast.runs.admission.Admission.Bounds;
import dev.stepcast.runs.store.RunStore.Retention;
import org.jspecify.annotations.Nullable;

/**
 * Everything about api-service that an operator may change.
 *
 * @param triggerDefault the workflow that an empty POST /api/trigger starts; null refuses it
 * @param channelsConfig file with channel policies; null for the defaults
 * @param redisRestToken what programs must carry that use @upstash/redis; null turns /redis off
 * @param hooksPerMinute how often the webhooks of one run may be called; 0 for no limit
 * @param bounds         when no more runs are accepted
 * @param retention      how long ended runs are kept
 * @param v2             what programs with @upstash/workflow and qstash ask
 */
public record ApiConfig(@Nullable String triggerDefault, @Nullable String channelsConfig,
    @Nullable String redisRestToken, int hooksPerMinute, Bounds bounds, Retention retention,
    V2Config v2) {
  private static final int RATE_MAX = 60_000;

  /** Reads the variables; mistakes are noted in {@code env}. */
  public static ApiConfig from(Env env) {
    return new ApiConfig(env.optional("TRIGGER_DEFAULT"), env.optional("CHANNELS_CONFIG"),
        env.optional("REDIS_REST_TOKEN"), env.integer("HOOKS_PER_MINUTE", 600, 0, RATE_MAX),
        Bounds.from(env), Retention.from(env), V2Config.from(env));
  }
}
