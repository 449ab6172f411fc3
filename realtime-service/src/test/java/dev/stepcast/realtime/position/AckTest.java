package dev.stepcast.realtime.position;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AckTest {
  private static final long NOW = 1_795_000_000_000L;
  private static final long SLACK = 2_000;

  @Nested
  class From_a_stock_browser_client {
    @Test
    void a_time_about_now_means_the_last_moments() {
      for (long skew : new long[]{-1_999, -30, 0, 30, 1_999}) {
        assertThat(Ack.ofBrowser(String.valueOf(NOW + skew), NOW, SLACK))
            .isEqualTo(new Ack.Since(NOW - SLACK));
      }
    }

    @Test
    void an_earlier_time_means_itself_and_a_later_one_now() {
      assertThat(Ack.ofBrowser(String.valueOf(NOW - SLACK), NOW, SLACK))
          .isEqualTo(new Ack.Since(NOW - SLACK));
      assertThat(Ack.ofBrowser(String.valueOf(NOW - 60_000), NOW, SLACK))
          .isEqualTo(new Ack.Since(NOW - 60_000));
      assertThat(Ack.ofBrowser(String.valueOf(NOW + 60_000), NOW, SLACK))
          .isEqualTo(new Ack.Now());
    }

    @Test
    void an_id_and_a_zero_mean_what_they_say() {
      assertThat(Ack.ofBrowser(NOW + "-0", NOW, SLACK)).isInstanceOf(Ack.After.class);
      assertThat(Ack.ofBrowser("0", NOW, SLACK)).isEqualTo(new Ack.All());
      assertThat(Ack.ofBrowser(null, NOW, SLACK)).isEqualTo(new Ack.Now());
    }

    @Test
    void without_slack_every_time_is_taken_literally() {
      assertThat(Ack.ofBrowser(String.valueOf(NOW), NOW, 0)).isEqualTo(new Ack.Since(NOW));
    }
  }
}
