package dev.stepcast.api.v2;

import java.util.regex.Pattern;

/** Durations as the packages write them: {@code 10s}, {@code 1d10h30m}, seconds without unit. */
final class Durations {
  private static final Pattern WHOLE = Pattern
      .compile("\\d{1,12}(?:\\.\\d+)?|(?:\\d{1,12}(?:\\.\\d+)?(?:ms|s|m|h|d|w))+");
  private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h|d|w)?");

  private Durations() {}

  /** In ms; throws {@link No} where it is none. */
  static long ms(String text) {
    var value = text.strip();
    if (!WHOLE.matcher(value).matches()) {
      throw new No(400, "not a duration: " + value);
    }
    double ms = 0;
    var parts = PART.matcher(value);
    while (parts.find()) {
      var unit = parts.group(2) == null ? "s" : parts.group(2);
      ms += Double.parseDouble(parts.group(1)) * switch (unit) {
        case "ms" -> 1;
        case "m" -> 6e4;
        case "h" -> 36e5;
        case "d" -> 864e5;
        case "w" -> 6048e5;
        default -> 1e3;
      };
    }
    return (long) ms;
  }
}
