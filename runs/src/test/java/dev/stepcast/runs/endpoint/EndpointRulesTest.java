package dev.stepcast.runs.endpoint;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.runs.endpoint.Deliveries.Leased;
import dev.stepcast.runs.endpoint.EndpointRuns.Submitted;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.runs.store.RunStore.Remade;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** What keeps a run of an endpoint in one line, however often its messages are sent. */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class EndpointRulesTest {
  private final Vertx vertx = Vertx.vertx();
  private final RedisLink redis = RedisLink.open(vertx, TestRedis.url(), 2);

  @BeforeAll
  void connect() {
    await().atMost(20, SECONDS).until(redis::up);
  }

  @AfterAll
  void close() throws Exception {
    EndpointPlace.get(redis.close().eventually(vertx::close));
  }

  private EndpointPlace started() throws Exception {
    var place = new EndpointPlace(redis);
    place.start("wfr_a", "{}");
    return place;
  }

  @Test
  void a_result_comes_after_all_before_it() throws Exception {
    var place = started();
    assertThat(place.submit("wfr_a", 2)).isInstanceOf(Submitted.Early.class);
    assertThat(place.branch("wfr_a", 2)).isInstanceOf(Submitted.Early.class);
    assertThat(place.messages("wfr_a")).hasSize(1);
    assertThat(place.submit("wfr_a", 1)).isInstanceOf(Submitted.Appended.class);
    assertThat(place.submit("wfr_a", 2)).isInstanceOf(Submitted.Appended.class);
  }

  @Test
  void messages_that_are_sent_together_are_taken_together_or_not_at_all() throws Exception {
    var place = started();
    var both = List.of(EndpointPlace.planned(1), EndpointPlace.branched(2));
    assertThat(EndpointPlace.get(place.runs.submit("wfr_a", both)))
        .isInstanceOf(Submitted.Early.class);
    assertThat(place.messages("wfr_a")).hasSize(1);
  }

  @Test
  void the_same_step_again_is_the_same_message() throws Exception {
    var place = started();
    var first = place.submit("wfr_a", 1);
    assertThat(place.submit("wfr_a", 1)).isEqualTo(first);
    assertThat(place.messages("wfr_a")).hasSize(2);
    assertThat(place.take()).extracting(Leased::slot).containsExactlyInAnyOrder("0", "1");
  }

  @Test
  void a_run_that_has_ended_takes_nothing_and_delivers_nothing() throws Exception {
    var place = started();
    EndpointPlace.get(place.runs.cancel("wfr_a"));
    assertThat(place.submit("wfr_a", 1)).isInstanceOf(Submitted.Gone.class);
    assertThat(place.take()).isEmpty();
  }

  @Test
  void a_delivery_that_failed_is_done_where_what_follows_it_is_recorded() throws Exception {
    var place = started();
    var first = place.take().getFirst();
    assertThat(EndpointPlace.get(place.deliveries.advanced(first))).isFalse();
    place.submit("wfr_a", 1);
    assertThat(EndpointPlace.get(place.deliveries.advanced(first))).isTrue();
  }

  @Test
  void a_plan_is_not_what_follows_itself() throws Exception {
    var place = started();
    var first = place.take().getFirst();
    place.plan("wfr_a", 1);
    assertThat(EndpointPlace.get(place.deliveries.advanced(first))).isTrue();
    EndpointPlace.get(place.deliveries.settle(first, Map.of()));
    var plan = place.take().getFirst();
    assertThat(EndpointPlace.get(place.deliveries.advanced(plan))).isFalse();
    place.branch("wfr_a", 1);
    assertThat(EndpointPlace.get(place.deliveries.advanced(plan))).isTrue();
  }

  @Test
  void who_lost_a_delivery_neither_settles_it_nor_fails_the_run() throws Exception {
    var place = started();
    var lost = EndpointPlace.get(place.deliveries.take(0, 10, "lost", Duration.ZERO))
        .deliveries().getFirst();
    var taken = await().atMost(20, SECONDS).until(place::take, found -> !found.isEmpty());
    EndpointPlace.get(place.deliveries.settle(lost, Map.of()));
    place.fail(lost);
    assertThat(place.field("wfr_a", "st")).isEqualTo("RUNNING");
    assertThat(place.field("wfr_a", "t:0")).isEqualTo(taken.getFirst().token());
  }

  @Test
  void a_wait_ends_once() throws Exception {
    var place = started();
    place.settle();
    place.invoke("wfr_a", 1, "wfr_child");
    var tail = ",\"out\":\"1\"}";
    assertThat(EndpointPlace.get(place.runs.notify("wfr_a", "invoke:wfr_child", tail, false)))
        .isTrue();
    assertThat(EndpointPlace.get(place.runs.notify("wfr_a", "invoke:wfr_child", tail, false)))
        .isFalse();
    EndpointPlace.get(place.runs.arrive("wfr_a", "w1", tail));
    assertThat(place.messages("wfr_a")).hasSize(2);
  }

  @Test
  void what_is_sent_to_a_run_is_kept_for_it_in_order_and_within_bounds() throws Exception {
    var place = started();
    for (int i = 0; i < RunStore.MAILS_MOST; i++) {
      mail(place, "e:one", "\"" + i + "\"");
    }
    assertThatThrownBy(() -> mail(place, "e:two", "1")).hasMessageContaining("at most 100");
    place.await("wfr_a", 1, "e:one");
    assertThat(place.messages("wfr_a").getLast().toString()).contains("\"out\":\"0\"");
    mail(place, "e:two", "1");
    var large = started();
    mail(large, "e:one", "x".repeat(RunStore.MAIL_BYTES_MOST - 100));
    assertThatThrownBy(() -> mail(large, "e:one", "x".repeat(100)))
        .hasMessageContaining("at most 100");
  }

  @Test
  void what_is_sent_to_a_run_that_was_resumed_is_for_the_one_that_resumes_it() throws Exception {
    var place = started();
    mail(place, "e:early", "\"early\"");
    place.await("wfr_a", 1, "e:hook");
    EndpointPlace.get(place.runs.cancel("wfr_a"));
    var made = ((Remade.Made) EndpointPlace
        .get(place.runs.resume("wfr_a", UnaryOperator.identity()))).id();
    mail(place, "e:hook", "\"late\"");
    assertThat(place.messages(made).getLast().toString()).contains("\"out\":\"late\"");
    place.await(made, 2, "e:early");
    assertThat(place.messages(made).getLast().toString()).contains("\"out\":\"early\"");
  }

  private static void mail(EndpointPlace place, String event, String out) throws Exception {
    EndpointPlace.get(place.runs.notify("wfr_a", event, ",\"out\":" + out + "}", true));
  }

  @Test
  void a_run_with_nothing_open_says_so() throws Exception {
    var place = started();
    assertThat(EndpointPlace.get(place.deliveries.settle(place.take().getFirst(), Map.of())))
        .isZero();
  }
}
