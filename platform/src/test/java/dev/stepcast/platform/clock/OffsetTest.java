package dev.stepcast.platform.clock;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** What is thought of Redis' clock after answers that took some time there and back. */
class OffsetTest {
  private static final long HOUR = 3_600_000_000L;

  @Property
  void is_never_further_off_than_an_answer_takes(@ForAll @LongRange(min = 0, max = 50_000) long way,
      @ForAll @LongRange(min = 0, max = 50_000) long back,
      @ForAll @LongRange(min = -HOUR, max = HOUR) long truth,
      @ForAll @LongRange(min = -HOUR, max = HOUR) long before) {
    var offset = new RedisClock.Offset();
    offset.heard(0, before, 0);
    offset.heard(1_000, 1_000 + way + truth, 1_000 + way + back);
    assertThat(offset.micros()).isBetween(truth - back, truth + way);
  }

  @Property
  void an_answer_that_took_long_spoils_nothing(@ForAll @LongRange(min = 0, max = HOUR) long way,
      @ForAll @LongRange(min = 0, max = HOUR) long back) {
    var offset = new RedisClock.Offset();
    offset.heard(0, HOUR, 0);
    offset.heard(10, 10 + way + HOUR, 10 + way + back);
    assertThat(offset.micros()).isEqualTo(HOUR);
  }
}
