package dev.stepcast.runs.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.OffsetDateTime;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TicksTest {
  @ParameterizedTest
  @CsvSource({"'*/5 * * * *',UTC,2026-11-21T22:03Z,2026-11-21T22:05Z",
      "'*/5 * * * *',UTC,2026-11-21T22:05Z,2026-11-21T22:10Z",
      "'30 2 * * *',Europe/Berlin,2026-11-21T22:00Z,2026-11-22T01:30Z",
      "'0 9 * * MON-FRI',Asia/Tokyo,2026-11-20T01:00Z,2026-11-23T00:00Z",
      "'0 0 * * 7',UTC,2026-11-21T22:00Z,2026-11-22T00:00Z",
      "'*/10 * * * * *',UTC,2026-11-21T22:00:03Z,2026-11-21T22:00:10Z"})
  void the_next_one_is_read_in_its_zone(String cron, String zone, String after, String next) {
    assertThat(Ticks.of(cron, zone).after(ms(after))).hasValue(ms(next));
  }

  @Test
  void a_time_of_day_that_is_skipped_does_not_fire_and_one_that_comes_twice_fires_once() {
    var daily = Ticks.of("30 2 * * *", "Europe/Berlin");
    assertThat(daily.after(ms("2026-03-28T12:00+01:00"))).hasValue(ms("2026-03-30T02:30+02:00"));
    assertThat(daily.after(ms("2026-10-25T02:30+02:00"))).hasValue(ms("2026-10-26T02:30+01:00"));
    var hourly = Ticks.of("0 * * * *", "Europe/Berlin");
    assertThat(hourly.after(ms("2026-10-25T02:00+02:00"))).hasValue(ms("2026-10-25T02:00+01:00"));
  }

  @Test
  void the_last_one_may_be_now() {
    var ticks = Ticks.of("*/5 * * * *", "UTC");
    assertThat(ticks.lastUntil(ms("2026-11-21T22:05Z"))).hasValue(ms("2026-11-21T22:05Z"));
    assertThat(ticks.lastUntil(ms("2026-11-21T22:09Z"))).hasValue(ms("2026-11-21T22:05Z"));
  }

  @ParameterizedTest
  @CsvSource({"61 * * * *,UTC,cron", "* * * *,UTC,cron", "whenever,UTC,cron", "'',UTC,cron",
      "* * * * *,Mars/Olympus,zone"})
  void what_cannot_be_read_is_refused_by_name(String cron, String zone, String member) {
    assertThatThrownBy(() -> Ticks.of(cron, zone)).isInstanceOfSatisfying(Ticks.Unreadable.class,
        e -> assertThat(e.member()).isEqualTo(member));
  }

  static long ms(String at) {
    return OffsetDateTime.parse(at).toInstant().toEpochMilli();
  }
}
