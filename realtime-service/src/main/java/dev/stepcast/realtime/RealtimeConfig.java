package dev.stepcast.realtime;

import dev.stepcast.platform.config.Env;
import dev.stepcast.realtime.gate.Gate;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Everything about the fan-out that an operator may change.
 *
 * @param channelsConfig file with channel policies; null for our own only
 * @param maxLife        a connection is asked to come back after about this long
 * @param pingEvery      about how often each connection hears from us when nothing happens
 * @param backlogBytes   what waits in memory for one slow reader; beyond it the reader lags, and is
 *                       served from the history when it reads again
 * @param presenceLease how long a killed node's connections still count as there
 * @param ackSlack       how far the now of a stock browser client may be from ours: it gets what
 *                       came within this time before it connected
 * @param limits         how many may connect
 * @param warmUp         how long a process warms itself up before it is ready; null: not on
 *                       loopback, else for two seconds
 */
public record RealtimeConfig(@Nullable String channelsConfig, Duration maxLife, Duration pingEvery,
    int backlogBytes, Duration presenceLease, Duration ackSlack, Gate.Limits limits,
    @Nullable Duration warmUp) {

  /** Reads the realtime variables; mistakes are noted in {@code env}. */
  public static RealtimeConfig from(Env env) {
    return new RealtimeConfig(env.optional("CHANNELS_CONFIG"),
        env.millis("REALTIME_MAX_LIFE_MS", Duration.ofMinutes(5)),
        env.millis("REALTIME_PING_MS", Duration.ofSeconds(20)),
        env.integer("REALTIME_BACKLOG_BYTES", 256 * 1024, 4 * 1024, 1 << 30),
        env.millis("REALTIME_PRESENCE_LEASE_MS", Duration.ofSeconds(15)),
        env.millis("REALTIME_ACK_SLACK_MS", Duration.ofSeconds(2)),
        new Gate.Limits(env.integer("REALTIME_CONNECTS_PER_SECOND", 5_000, 0, 1_000_000),
            env.integer("REALTIME_CONNECTIONS_PER_ADDRESS", 0, 0, 1_000_000),
            env.optional("REALTIME_ADDRESS_HEADER")),
        env.given("REALTIME_WARM_UP_MS") ? env.millis("REALTIME_WARM_UP_MS", Duration.ZERO)
            : null);
  }
}
