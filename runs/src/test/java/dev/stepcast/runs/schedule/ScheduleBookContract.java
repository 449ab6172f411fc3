package dev.stepcast.runs.schedule;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stepcast.runs.schedule.ScheduleBook.Turn;
import dev.stepcast.runs.schedule.Schedules.Action;
import dev.stepcast.runs.schedule.Schedules.Known;
import dev.stepcast.runs.schedule.Schedules.Plan;
import dev.stepcast.schemas.Missed;
import dev.stepcast.schemas.Overlap;
import dev.stepcast.schemas.RawJson;
import dev.stepcast.schemas.TriggerRequest;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What every book of schedules promises. */
@DisplayNameGeneration(ReplaceUnderscores.class)
abstract class ScheduleBookContract {
  private static final Duration CLAIM = Duration.ofMinutes(5);

  /** The book under test, empty at the start of each test. */
  abstract ScheduleBook book();

  @Test
  void a_schedule_is_found_as_it_was_put() throws Exception {
    get(book().put(plan("a", "* * * * *"), null, 5));
    var found = known("a");
    assertThat(found.plan()).isEqualTo(plan("a", "* * * * *"));
    assertThat(found.next()).isEqualTo(5);
    assertThat(found.createdAt()).isPositive();
    assertThat(get(book().find("b"))).isEmpty();
  }

  @Test
  void the_same_again_changes_nothing_and_another_one_counts_from_then_on() throws Exception {
    get(book().put(plan("a", "* * * * *"), true, 5));
    get(book().put(plan("a", "* * * * *"), null, 6));
    assertThat(known("a").next()).isEqualTo(5);
    get(book().put(plan("a", "*/2 * * * *"), null, 7));
    assertThat(known("a").next()).isEqualTo(7);
    assertThat(known("a").paused()).isTrue();
    assertThat(get(book().due(10, CLAIM)).schedules()).isEmpty();
  }

  @Test
  void a_due_one_is_claimed_once() throws Exception {
    get(book().put(plan("a", "* * * * *"), null, 5));
    var due = get(book().due(10, CLAIM));
    assertThat(due.schedules()).extracting(one -> one.plan().id()).containsExactly("a");
    assertThat(due.nextDue()).isEqualTo(due.now() + CLAIM.toMillis());
    assertThat(get(book().due(10, CLAIM)).schedules()).isEmpty();
  }

  @Test
  void a_turn_counts_once() throws Exception {
    get(book().put(plan("a", "* * * * *"), null, 5));
    var due = get(book().due(10, CLAIM)).schedules().getFirst();
    assertThat(get(book().turn(new Turn(due, 6L, 5L, "wfr_a.5", 0, null)))).isTrue();
    assertThat(get(book().turn(new Turn(due, 6L, 5L, "wfr_a.5", 0, null)))).isFalse();
    var after = known("a");
    assertThat(after.fired()).isEqualTo(1);
    assertThat(after.run()).isEqualTo("wfr_a.5");
    assertThat(after.last()).isEqualTo(5);
    assertThat(after.next()).isEqualTo(6);
    assertThat(get(book().due(10, CLAIM)).schedules()).hasSize(1);
  }

  @Test
  void one_with_a_buffered_tick_is_looked_at_soon() throws Exception {
    get(book().put(plan("a", "* * * * *"), null, 5));
    var due = get(book().due(10, CLAIM)).schedules().getFirst();
    long far = get(book().now()) + 1_000_000;
    get(book().turn(new Turn(due, far, null, null, 2, 5L)));
    var answer = get(book().due(10, CLAIM));
    assertThat(answer.nextDue()).isBetween(answer.now(), answer.now() + 1_000);
    assertThat(known("a").buffered()).isEqualTo(5);
    assertThat(known("a").skipped()).isEqualTo(2);
    assertThat(known("a").fired()).isZero();
  }

  @Test
  void a_paused_one_is_not_due_and_a_turn_begun_before_does_not_count() throws Exception {
    get(book().put(plan("a", "* * * * *"), null, 5));
    var due = get(book().due(10, CLAIM)).schedules().getFirst();
    assertThat(get(book().move("a", true, 0))).isTrue();
    assertThat(get(book().turn(new Turn(due, 6L, 5L, "wfr_a.5", 0, null)))).isFalse();
    assertThat(get(book().due(10, CLAIM)).schedules()).isEmpty();
    get(book().move("a", false, 8));
    assertThat(get(book().due(10, CLAIM)).schedules()).extracting(Known::next)
        .containsExactly(8L);
    assertThat(get(book().move("b", false, 8))).isFalse();
  }

  @Test
  void a_deleted_one_is_gone() throws Exception {
    get(book().put(plan("a", "* * * * *"), null, 5));
    assertThat(get(book().delete("a"))).isTrue();
    assertThat(get(book().delete("a"))).isFalse();
    assertThat(get(book().due(10, CLAIM)).schedules()).isEmpty();
    assertThat(get(book().list(null, 10))).isEmpty();
  }

  @Test
  void they_are_listed_by_id_page_by_page() throws Exception {
    for (var id : List.of("c", "a", "b")) {
      get(book().put(plan(id, "* * * * *"), null, 5));
    }
    assertThat(get(book().list(null, 2))).extracting(one -> one.plan().id())
        .containsExactly("a", "b");
    assertThat(get(book().list("b", 2))).extracting(one -> one.plan().id()).containsExactly("c");
  }

  private Known known(String id) throws Exception {
    return get(book().find(id)).orElseThrow();
  }

  static Plan plan(String id, String cron) {
    return plan(id, cron, Overlap.SKIP, Missed.ONE);
  }

  static Plan plan(String id, String cron, Overlap overlap, Missed missed) {
    return new Plan(id, cron, "UTC", overlap, missed, Action.run(
        new TriggerRequest("w", new RawJson("{}"), null, null, null, null, null, null), "1"));
  }

  static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
  }
}
