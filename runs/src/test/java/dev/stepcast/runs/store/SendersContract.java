package dev.stepcast.runs.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stepcast.runs.store.RunStore.Again;
import dev.stepcast.runs.store.RunStore.Mailing;
import dev.stepcast.runs.store.RunStore.NewRun;
import dev.stepcast.runs.store.RunStore.Triggering;
import dev.stepcast.runs.store.RunStore.Write;
import dev.stepcast.schemas.RunState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a store promises to those who send it something: the same id again, mail for a run. */
abstract class SendersContract extends StoreFixture {
  @Nested
  class An_id_of_the_callers_own {
    private NewRun mine(String hash) {
      return run("wfr_mine", hash, Optional.empty()).archiving("wfr_mine~old");
    }

    @Test
    void is_the_same_run_for_who_sends_again_and_a_new_one_for_another_request()
        throws Exception {
      get(store().trigger(mine("h")));
      assertThat(get(store().trigger(mine("other"))))
          .isEqualTo(new Triggering.Conflict("wfr_mine"));
      var held = take("n").getFirst();
      get(store().finish(hold(held, 1), entry("0", "last"), RunState.FAILED));
      assertThat(get(store().trigger(mine("h")))).isInstanceOf(Triggering.Known.class);
      assertThat(get(store().trigger(mine("other")))).isInstanceOf(Triggering.Accepted.class);
      assertThat(state("wfr_mine")).isEqualTo(RunState.QUEUED);
      assertThat(get(store().read("wfr_mine")).orElseThrow())
          .returns("wfr_mine~1", RunImage::identity)
          .satisfies(image -> assertThat(image.fields()).doesNotContainKey("j:0"));
      assertThat(get(store().read("wfr_mine~old")).orElseThrow())
          .returns(RunState.FAILED, RunImage::state).satisfies(
              image -> assertThat(image.text("j:0")).contains("last"));
      assertThat(told("wfr_mine~old")).containsExactly("workflow.runStart",
          "workflow.stepFinish");
      assertThat(told("wfr_mine")).containsExactly("workflow.runStart");
      assertThat(take("m")).singleElement()
          .satisfies(taken -> assertThat(taken.token()).startsWith("2:"));
    }

    @Test
    void is_not_given_up_before_everybody_was_told() throws Exception {
      get(store().trigger(mine("h")));
      get(store().finish(hold(take("n").getFirst(), 1),
          new Write(Map.of(RunImage.OWED, "1"), List.of()), RunState.SUCCEEDED));
      assertThat(get(store().trigger(mine("other")))).isInstanceOf(Triggering.Conflict.class);
      get(store().settle("wfr_mine"));
      assertThat(get(store().trigger(mine("other")))).isInstanceOf(Triggering.Accepted.class);
    }
  }

  @Nested
  class Mail {
    private Mailing mail(String name, String data) throws Exception {
      return get(store().mail("wfr_a", name, data));
    }

    @Test
    void is_kept_up_to_a_number_until_it_is_taken() throws Exception {
      var held = held("wfr_a");
      for (int i = 0; i < RunStore.MAILS_MOST; i++) {
        assertThat(mail("m" + i, "1")).isInstanceOf(Mailing.Kept.class);
      }
      assertThat(mail("m0", "another one")).isInstanceOf(Mailing.Kept.class);
      assertThat(mail("more", "1")).isInstanceOf(Mailing.Full.class);
      get(store().step(hold(held, 1), new Write(Map.of(RunImage.MAIL + "m5", ""), List.of())));
      assertThat(mail("more", "1")).isInstanceOf(Mailing.Kept.class);
    }

    @Test
    void is_kept_up_to_so_many_bytes() throws Exception {
      held("wfr_a");
      assertThat(mail("a", "x".repeat(RunStore.MAIL_BYTES_MOST - 1)))
          .isInstanceOf(Mailing.Kept.class);
      assertThat(mail("b", "é")).isInstanceOf(Mailing.Full.class);
      assertThat(mail("b", "e")).isInstanceOf(Mailing.Kept.class);
    }

    @Test
    void for_a_run_that_was_resumed_reaches_the_one_that_resumes_it() throws Exception {
      held("wfr_a");
      get(store().cancel("wfr_a"));
      assertThat(mail("m", "1")).isInstanceOf(Mailing.Unknown.class);
      get(store().again(new Again("wfr_a", "wfr_b", RunImage.RESUMED, List.of(), start(),
          List.copyOf(fields().keySet()))));
      assertThat(mail("m", "1")).isInstanceOf(Mailing.Kept.class);
      assertThat(get(store().read("wfr_b")).orElseThrow().text("m:m")).isEqualTo("1");
    }
  }
}
