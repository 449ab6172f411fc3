package dev.stepcast.chat;

import dev.stepcast.platform.config.Env;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Everything about chat-service that an operator may change.
 *
 * @param ttl              how long a room lives that does not say; 1 min to 24 h
 * @param seatsMax         the most seats a room may have, 2 to 50
 * @param createNeedsToken whether opening a room needs the API token
 * @param seatGrace        silence after which a seat is free, of members who once said they are
 *                         here; more than {@code awayAfter}
 * @param rates            how often what may be asked
 * @param awayAfter        silence after which a member counts as away; not a variable
 * @param tombstone        how long the end of a room is told to those who were away; not a variable
 */
public record ChatConfig(Duration ttl, int seatsMax, boolean createNeedsToken, Duration seatGrace,
    Rates rates, Duration awayAfter, Duration tombstone) {
  private static final Duration TTL_MIN = Duration.ofMinutes(1);
  private static final Duration TTL_MAX = Duration.ofHours(24);
  private static final Duration AWAY_AFTER = Duration.ofSeconds(40);
  private static final Duration TOMBSTONE = Duration.ofMinutes(10);
  private static final int SEATS_MAX = 50;
  private static final int RATE_MAX = 60_000;

  /**
   * How often, a minute; a quarter of it at once; 0 for no limit.
   *
   * @param creates       rooms that one address opens
   * @param joins         joins that one address tries; of passcodes a sixth of it
   * @param posts         of each kind of thing that one seat does: to post, to change, to lock or
   *                      kick, to type, to read; a room takes ten or fifty times as many
   * @param asks          of anything in rooms that one address asks
   * @param addressHeader the header in which a trusted proxy tells the address; null: the peer
   */
  public record Rates(int creates, int joins, int posts, int asks,
      @Nullable String addressHeader) {
    /** No limits. */
    public static final Rates NONE = new Rates(0, 0, 0, 0, null);
  }

  /** Reads the variables; mistakes are noted in {@code env}. */
  public static ChatConfig from(Env env) {
    var ttl = env.millis("CHAT_TTL_MS", Duration.ofMinutes(10));
    if (ttl.compareTo(TTL_MIN) < 0 || ttl.compareTo(TTL_MAX) > 0) {
      env.mistake("CHAT_TTL_MS", "want " + TTL_MIN.toMillis() + " to " + TTL_MAX.toMillis());
    }
    var grace = env.millis("CHAT_SEAT_GRACE_MS", Duration.ofMinutes(5));
    if (grace.compareTo(AWAY_AFTER) <= 0) {
      env.mistake("CHAT_SEAT_GRACE_MS", "want more than " + AWAY_AFTER.toMillis());
    }
    return new ChatConfig(ttl, env.integer("CHAT_SEATS_MAX", SEATS_MAX, 2, SEATS_MAX),
        env.choice("ROOMS_CREATE", "open", "token").equals("token"), grace,
        new Rates(env.integer("CHAT_CREATES_PER_MINUTE", 40, 0, RATE_MAX),
            env.integer("CHAT_JOINS_PER_MINUTE", 120, 0, RATE_MAX),
            env.integer("CHAT_POSTS_PER_MINUTE", 240, 0, RATE_MAX),
            env.integer("CHAT_ASKS_PER_MINUTE", 6_000, 0, RATE_MAX),
            env.optional("CHAT_ADDRESS_HEADER")),
        AWAY_AFTER, TOMBSTONE);
  }
}
