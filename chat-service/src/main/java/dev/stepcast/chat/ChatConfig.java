package dev.stepcast.chat;

import dev.stepcast.platform.config.Env;
import java.time.Duration;

/**
 * Everything about chat-service that an operator may change.
 *
 * @param ttl              how long a room lives that does not say; 1 min to 24 h
 * @param seatsMax         the most seats a room may have, 2 to 50
 * @param createNeedsToken whether opening a room needs the API token
 * @param tombstone        how long the end of a room is told to those who were away; not a variable
 */
public record ChatConfig(Duration ttl, int seatsMax, boolean createNeedsToken,
    Duration tombstone) {
  private static final Duration TTL_MIN = Duration.ofMinutes(1);
  private static final Duration TTL_MAX = Duration.ofHours(24);
  private static final Duration TOMBSTONE = Duration.ofMinutes(10);
  private static final int SEATS_MAX = 50;

  /** Reads the variables; mistakes are noted in {@code env}. */
  public static ChatConfig from(Env env) {
    var ttl = env.millis("CHAT_TTL_MS", Duration.ofMinutes(10));
    if (ttl.compareTo(TTL_MIN) < 0 || ttl.compareTo(TTL_MAX) > 0) {
      env.mistake("CHAT_TTL_MS", "want " + TTL_MIN.toMillis() + " to " + TTL_MAX.toMillis());
    }
    return new ChatConfig(ttl, env.integer("CHAT_SEATS_MAX", SEATS_MAX, 2, SEATS_MAX),
        env.choice("ROOMS_CREATE", "open", "token").equals("token"), TOMBSTONE);
  }
}
