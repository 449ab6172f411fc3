package dev.stepcast.platform.channel;

import java.util.regex.Pattern;

/**
 * A channel's name: a run's id, a room's id, or any other 1 to 200 printable characters.
 *
 * @param value the name as it stands in URLs and frames, decoded
 */
public record ChannelName(String value) {
  private static final Pattern SHAPE = Pattern.compile("\\P{Cntrl}{1,200}");

  /** Refuses what is no channel name with {@link IllegalArgumentException}. */
  public ChannelName {
    if (!valid(value)) {
      throw new IllegalArgumentException("not a channel: want 1 to 200 printable characters");
    }
  }

  /** Whether {@code value} can name a channel. */
  public static boolean valid(String value) {
    return SHAPE.matcher(value).matches();
  }

  @Override
  public String toString() {
    return value;
  }
}
