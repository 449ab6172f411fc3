package dev.stepcast.workflow.endpoint;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How long until the next attempt: what the answer asks for, else the expression that came with the
 * message, else {@code e^(2.5 n)} seconds; never over a day.
 */
final class RetryDelay {
  private static final Duration MOST = Duration.ofDays(1);
  private static final double DEFAULT_EXPONENT = 2.5;
  private static final int JITTER_FREE_MS = 1000;
  private static final Pattern GO_DURATION = Pattern
      .compile("(?:\\d+(?:\\.\\d+)?(?:ms|us|ns|s|m|h|d))+");
  private static final Pattern GO_PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|us|ns|s|m|h|d)");
  private static final List<String> HEADERS = List.of("Retry-After", "X-RateLimit-Reset",
      "X-RateLimit-Reset-Requests", "X-RateLimit-Reset-Tokens");

  private final InstantSource clock;

  RetryDelay(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Before attempt {@code retried + 1}, counted from 0.
   *
   * @param header     the answer's headers
   * @param expression in ms; null for the default
   */
  Duration after(int retried, Function<String, @Nullable String> header,
      @Nullable String expression) {
    for (var name : HEADERS) {
      var asked = parsed(header.apply(name));
      if (asked != null) {
        return bounded((double) asked.toMillis());
      }
    }
    return bounded(expression == null
        ? Math.exp(DEFAULT_EXPONENT * (retried + 1)) * JITTER_FREE_MS
        : Expression.value(expression, retried));
  }

  /** Seconds, a date as in HTTP, or a duration as Go writes it; null for anything else. */
  private @Nullable Duration parsed(@Nullable String text) {
    if (text == null) {
      return null;
    }
    var value = text.strip();
    if (value.matches("\\d{1,12}(?:\\.\\d+)?")) {
      return Duration.ofMillis((long) (Double.parseDouble(value) * 1000));
    }
    if (GO_DURATION.matcher(value).matches()) {
      return goDuration(value);
    }
    try {
      var at = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value));
      return Duration.between(clock.instant(), at);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** A duration as Go and QStash write it: {@code 1d10h30m}, {@code 1.5s}. */
  static Duration goDuration(String text) {
    double ms = 0;
    var parts = GO_PART.matcher(text);
    while (parts.find()) {
      ms += Double.parseDouble(parts.group(1)) * switch (parts.group(2)) {
        case "ms" -> 1;
        case "us" -> 1e-3;
        case "ns" -> 1e-6;
        case "s" -> 1e3;
        case "m" -> 6e4;
        case "h" -> 36e5;
        default -> 864e5;
      };
    }
    return Duration.ofMillis((long) ms);
  }

  private static Duration bounded(double ms) {
    return Duration
        .ofMillis((long) Math.clamp(Double.isNaN(ms) ? 0 : ms, 0, (double) MOST.toMillis()));
  }
}
