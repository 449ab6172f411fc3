package dev.stepcast.workflow.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RetryDelayTest {
  private final RetryDelay delays = new RetryDelay(
      Clock.fixed(Instant.parse("2026-11-21T20:00:00Z"), ZoneOffset.UTC));

  private Duration after(Map<String, String> headers, @Nullable String expression) {
    return delays.after(0, headers::get, expression);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"10|10000", "1.5|1500", "6m5s|365000", "1h|3600000",
      "Sat, 21 Nov 2026 20:00:30 GMT|30000", "Sat, 21 Nov 2026 19:00:00 GMT|0",
      "99999999|86400000"})
  void is_what_the_answer_asks_for(String text, long ms) {
    assertThat(after(Map.of("Retry-After", text), "5")).hasMillis(ms);
    assertThat(after(Map.of("X-RateLimit-Reset-Tokens", text), "5")).hasMillis(ms);
  }

  @Test
  void is_else_what_came_with_the_message() {
    assertThat(after(Map.of("Retry-After", "soon"), "100 * (retried + 1)")).hasMillis(100);
  }

  @Test
  void grows_where_nobody_says_anything() {
    assertThat(after(Map.of(), null)).isBetween(Duration.ofSeconds(12), Duration.ofSeconds(13));
    assertThat(delays.after(9, _ -> null, null)).isEqualTo(Duration.ofDays(1));
  }
}
