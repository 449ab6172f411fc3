package dev.stepcast.runs.flow;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.stepcast.runs.flow.FlowBook.Acquired;
import dev.stepcast.runs.flow.FlowBook.Claim;
import dev.stepcast.runs.flow.FlowBook.View;
import dev.stepcast.schemas.FlowControl;
import dev.stepcast.schemas.FlowKeyList.Standing;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.jspecify.annotations.Nullable;

/** What every book of slots promises. */
@DisplayNameGeneration(ReplaceUnderscores.class)
abstract class FlowBookContract {
  private static final int HOUR_MS = 3_600_000;
  private static final int SHORT_MS = 30_000;
  private static final AtomicInteger KEYS = new AtomicInteger();

  private final String key = "k" + KEYS.incrementAndGet();

  abstract FlowBook book();

  /** Lets time pass for the slots of {@code key} that are set aside. */
  abstract void pass(String key, Duration time) throws Exception;

  @Test
  void who_was_never_told_of_its_slot_is_told_when_somebody_asks_later() throws Exception {
    acquire("a", 1);
    acquire("b", 1);
    acquire("c", 1);
    assertThat(release("a", 1)).containsExactly("b"); // and whoever was to tell it dies
    pass(key, Duration.ofSeconds(4));
    assertThat(((Acquired.Queued) acquire("c", 1)).next()).isEmpty();
    pass(key, Duration.ofSeconds(2));
    assertThat(((Acquired.Queued) acquire("c", 1)).next()).containsExactly("b");
    assertThat(((Acquired.Queued) acquire("c", 1)).next()).as("told a moment ago").isEmpty();
    assertThat(acquire("b", 1)).isInstanceOf(Acquired.Granted.class);
  }

  @Test
  void gives_no_more_slots_than_there_are_and_the_next_to_who_asked_first() throws Exception {
    assertThat(acquire("a", 1)).isInstanceOf(Acquired.Granted.class);
    assertThat(acquire("b", 1)).isInstanceOf(Acquired.Queued.class);
    assertThat(acquire("c", 1)).isInstanceOf(Acquired.Queued.class);
    assertThat(release("a", 1)).containsExactly("b");
    assertThat(acquire("c", 1)).isInstanceOfSatisfying(Acquired.Queued.class,
        queued -> assertThat(queued.next()).as("b was told before").isEmpty());
    assertThat(view()).isEqualTo(new View(List.of(), List.of("b", "c")));
    assertThat(acquire("b", 1)).isInstanceOf(Acquired.Granted.class);
    assertThat(view()).isEqualTo(new View(List.of("b"), List.of("c")));
  }

  @Test
  void asked_again_answers_the_same_slot() throws Exception {
    acquire("a", 1);
    assertThat(acquire("a", 1)).isInstanceOf(Acquired.Granted.class);
    assertThat(acquire("a", 2)).isInstanceOf(Acquired.Granted.class);
    assertThat(view().active()).containsExactly("a");
  }

  @Test
  void gives_none_to_who_let_go_at_that_epoch_or_later() throws Exception {
    acquire("a", 3);
    release("a", 3);
    assertThat(acquire("a", 3)).isInstanceOf(Acquired.Stale.class);
    assertThat(acquire("a", 2)).isInstanceOf(Acquired.Stale.class);
    assertThat(acquire("a", 4)).isInstanceOf(Acquired.Granted.class);
  }

  @Test
  void a_late_release_takes_no_slot_of_a_later_epoch() throws Exception {
    acquire("a", 2);
    release("a", 1);
    assertThat(view().active()).containsExactly("a");
  }

  @Test
  void a_late_release_does_not_make_a_later_epoch_forgotten() throws Exception {
    acquire("a", 2);
    release("a", 2);
    release("a", 1); // a lost node's
    acquire("a", 2); // a late duplicate
    assertThat(view().active()).isEmpty();
  }

  @Test
  void who_leaves_the_queue_is_passed() throws Exception {
    acquire("a", 1);
    acquire("b", 1);
    acquire("c", 1);
    release("b", 1);
    assertThat(release("a", 1)).containsExactly("c");
  }

  @Test
  void starts_no_more_in_a_period_than_allowed() throws Exception {
    var rated = new FlowControl(key, null, 2, HOUR_MS);
    assertThat(get(book().acquire(new Claim(rated, "a", 1)))).isInstanceOf(Acquired.Granted.class);
    assertThat(get(book().acquire(new Claim(rated, "b", 1)))).isInstanceOf(Acquired.Granted.class);
    get(book().release(new Claim(rated, "a", 1)));
    var third = get(book().acquire(new Claim(rated, "c", 1)));
    assertThat(third).isInstanceOfSatisfying(Acquired.Queued.class,
        queued -> assertThat(queued.againMs() % HOUR_MS).isZero());
  }

  @Test
  void lists_the_keys_in_use_page_by_page_and_none_that_is_idle() throws Exception {
    var names = IntStream.range(0, 5).mapToObj(n -> key + "-listed-" + n).toList();
    for (var name : names.reversed()) {
      get(book().acquire(claim(name, "a")));
    }
    get(book().acquire(claim(names.getFirst(), "b")));
    get(book().release(claim(names.get(3), "a")));
    var first = get(book().list(key + "-listed-", 2));
    assertThat(first.keys()).containsExactly(new Standing(names.get(0), 1, 1),
        new Standing(names.get(1), 1, 0));
    assertThat(first.cursor()).isEqualTo(names.get(1));
    var rest = get(book().list(first.cursor(), 200));
    assertThat(rest.keys()).startsWith(new Standing(names.get(2), 1, 0),
        new Standing(names.get(4), 1, 0)).doesNotContain(new Standing(names.get(3), 0, 0));
    assertThat(rest.cursor()).isNull();
    for (var name : names) {
      get(book().release(claim(name, "a")));
    }
    get(book().release(claim(names.getFirst(), "b")));
    assertThat(get(book().list(key + "-listed-", 200)).keys()).extracting(Standing::key)
        .doesNotContainAnyElementsOf(names);
  }

  @Test
  void a_slot_is_set_aside_for_one_alone_and_named_again_to_who_asks_again() throws Exception {
    for (var run : List.of("a", "b", "c", "d")) {
      acquire(run, 1);
    }
    assertThat(release("a", 1)).containsExactly("b");
    assertThat(release("a", 1)).as("sent again").containsExactly("b");
    assertThat(release("c", 1)).as("leaves the queue").isEmpty();
    assertThat(acquire("e", 1)).isInstanceOf(Acquired.Queued.class);
    assertThat(acquire("b", 2)).isInstanceOf(Acquired.Granted.class);
    assertThat(release("a", 1)).as("late").containsExactly("b");
    assertThat(view()).isEqualTo(new View(List.of("b"), List.of("d", "e")));
  }

  @Test
  void who_does_not_come_for_its_slot_is_passed_and_may_ask_again() throws Exception {
    for (var run : List.of("a", "b", "c")) {
      acquire(run, 1);
    }
    assertThat(release("a", 1)).containsExactly("b");
    assertThat(release("b", Claim.GONE)).containsExactly("c");
    assertThat(acquire("c", 1)).isInstanceOf(Acquired.Granted.class);
    assertThat(acquire("b", 1)).isInstanceOf(Acquired.Queued.class);
    assertThat(release("c", Claim.GONE)).as("it came").isEmpty();
    assertThat(view()).isEqualTo(new View(List.of("c"), List.of("b")));
  }

  @Test
  void a_run_with_fewer_slots_than_the_others_waits_for_its_turn_first_in_the_queue()
      throws Exception {
    var wide = new FlowControl(key, 2, null, null);
    get(book().acquire(new Claim(wide, "a", 1)));
    get(book().acquire(new Claim(wide, "b", 1)));
    acquire("narrow", 1);
    get(book().acquire(new Claim(wide, "c", 1)));
    assertThat(get(book().release(new Claim(wide, "a", 1)))).containsExactly("narrow");
    assertThat(acquire("narrow", 1)).isInstanceOf(Acquired.Queued.class);
    assertThat(view()).isEqualTo(new View(List.of("b"), List.of("narrow", "c")));
    assertThat(release("b", 1)).containsExactly("narrow");
    assertThat(acquire("narrow", 1)).isInstanceOf(Acquired.Granted.class);
  }

  @Test
  void a_release_of_an_epoch_that_is_over_takes_nobody_out_of_the_queue() throws Exception {
    acquire("a", 1);
    acquire("b", 2);
    release("b", 2);
    acquire("b", 3);
    assertThat(release("b", 1)).isEmpty();
    assertThat(release("b", 2)).isEmpty();
    assertThat(release("a", 1)).containsExactly("b");
  }

  @Test
  void each_is_asked_to_come_in_the_period_of_its_turn() throws Exception {
    var rated = new FlowControl(key, null, 2, SHORT_MS);
    var turns = new HashMap<String, Long>();
    for (var run : List.of("a", "b", "c", "d", "e")) {
      if (get(book().acquire(new Claim(rated, run, 1))) instanceof Acquired.Queued queued) {
        turns.put(run, queued.againMs());
      }
    }
    long next = turns.getOrDefault("c", 0L);
    assertThat(turns).containsOnly(entry("c", next), entry("d", next), entry("e", next + SHORT_MS));
  }

  private static Claim claim(String key, String run) {
    return new Claim(new FlowControl(key, 1, null, null), run, 1);
  }

  private Acquired acquire(String run, long epoch) throws Exception {
    return get(book().acquire(claim(run, epoch)));
  }

  private List<String> release(String run, long epoch) throws Exception {
    return get(book().release(claim(run, epoch)));
  }

  private Claim claim(String run, long epoch) {
    return new Claim(new FlowControl(key, 1, null, null), run, epoch);
  }

  private View view() throws Exception {
    return get(book().view(key));
  }

  private static <T extends @Nullable Object> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
  }
}
