package dev.stepcast.platform.grant;

import java.time.Instant;
import java.util.Map;

/**
 * A right to channels, as it is signed.
 *
 * @param subject   who holds it: a member of a room, a user, a service
 * @param id        unique, for revocation
 * @param expiresAt from when on it is void
 * @param channels  pattern (a name, or a prefix and {@code *}) to rights: letters of
 *                  {@link Right#letter}
 */
public record Grant(String subject, String id, Instant expiresAt, Map<String, String> channels) {

  /** What one may do on a channel. */
  public enum Right {
    /** Listen and read its history. */
    SUBSCRIBE('s'),
    /** Publish events on it. */
    PUBLISH('p'),
    /** See who listens. */
    PRESENCE('r');

    private final char letter;

    Right(char letter) {
      this.letter = letter;
    }

    /** How it is written in a grant. */
    public char letter() {
      return letter;
    }
  }

  /** Copies the map. */
  public Grant {
    channels = Map.copyOf(channels);
  }

  /** Whether {@code right} on {@code channel} is among the rights; time is not looked at. */
  public boolean allows(String channel, Right right) {
    return channels.entrySet().stream()
        .anyMatch(entry -> entry.getValue().indexOf(right.letter) >= 0
            && matches(entry.getKey(), channel));
  }

  private static boolean matches(String pattern, String channel) {
    return pattern.endsWith("*")
        ? channel.startsWith(pattern.substring(0, pattern.length() - 1))
        : channel.equals(pattern);
  }
}
