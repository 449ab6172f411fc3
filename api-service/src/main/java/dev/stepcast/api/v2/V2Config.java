package dev.stepcast.api.v2;

import dev.stepcast.platform.config.Env;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /v2} may be told.
 *
 * @param token   what programs must carry; null lets everybody of this machine in
 * @param current key that deliveries are signed with
 * @param next    key that they are signed with after the next rotation
 * @param events  whether the engine tells of steps and ends, rather than the program itself
 */
public record V2Config(@Nullable String token, String current, String next, boolean events) {
  private static final String DEV_CURRENT = "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r";
  private static final String DEV_NEXT = "sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs";

  /**
   * Reads the variables. The defaults are those that programs assume with {@code QSTASH_DEV=true};
   * beyond loopback there is no {@code /v2} without a token.
   */
  public static V2Config from(Env env) {
    return new V2Config(env.optional("QSTASH_TOKEN"),
        or(env.optional("QSTASH_CURRENT_SIGNING_KEY"), DEV_CURRENT),
        or(env.optional("QSTASH_NEXT_SIGNING_KEY"), DEV_NEXT),
        env.choice("ENDPOINT_EVENTS", "engine", "program").equals("engine"));
  }

  private static String or(@Nullable String given, String fallback) {
    return given == null ? fallback : given;
  }
}
