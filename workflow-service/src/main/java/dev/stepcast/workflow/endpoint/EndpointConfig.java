package dev.stepcast.workflow.endpoint;

import dev.stepcast.platform.config.Env;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything about endpoints that an operator may change.
 *
 * @param currentKey   what deliveries are signed with; null turns endpoints off
 * @param nextKey      what they are signed with after a rotation
 * @param privateToo   whether destinations in private networks, and on this machine, are called
 * @param engineEvents whether the engine tells of steps and ends, rather than the program itself
 * @param lease        how long a delivery is a node's without a renewal
 * @param underWayMax  deliveries under way at once
 */
public record EndpointConfig(@Nullable String currentKey, String nextKey, boolean privateToo,
    boolean engineEvents,
    Duration lease, int underWayMax) {
  /** The key that programs assume in development, as {@code @upstash/qstash} has it built in. */
  public static final String DEV_KEY = "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r";

  private static final String DEV_NEXT_KEY = "sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs";
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1", "[::1]", "localhost");

  /**
   * Reads the variables; mistakes are noted in {@code env}. Where only this machine can reach us it
   * may be called, and the key may be the known one; else there are no endpoints without a key.
   */
  public static EndpointConfig from(Env env) {
    var key = env.optional("QSTASH_CURRENT_SIGNING_KEY");
    var next = env.optional("QSTASH_NEXT_SIGNING_KEY");
    boolean loopback = LOOPBACK.contains(env.text("HOST", "127.0.0.1"));
    var destinations = loopback ? env.choice("PRIVATE_DESTINATIONS", "allow", "refuse")
        : env.choice("PRIVATE_DESTINATIONS", "refuse", "allow");
    return new EndpointConfig(key == null && loopback ? DEV_KEY : key,
        next == null ? DEV_NEXT_KEY : next, destinations.equals("allow"),
        env.choice("ENDPOINT_EVENTS", "engine", "program").equals("engine"),
        env.millis("RUN_LEASE_MS", Duration.ofSeconds(30)),
        env.integer("ENDPOINT_UNDER_WAY_MAX", 512, 1, 100_000));
  }
}
