package dev.stepcast.runs.event;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stepcast.runs.event.EventBook.Next;
import dev.stepcast.runs.event.EventBook.Waiter;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What every book of events promises. */
@DisplayNameGeneration(ReplaceUnderscores.class)
abstract class EventBookContract {
  private static final long LATER = 4_000_000_000_000L;
  private static final long LOOK_MS = 600_000;
  private static final AtomicInteger EVENTS = new AtomicInteger();

  private final String event = "event" + EVENTS.incrementAndGet();

  abstract EventBook book();

  @Test
  void moves_every_waiter_out_and_keeps_what_it_was_sent_until_it_was_told() throws Exception {
    assertThat(await("a")).isEmpty();
    assertThat(await("b")).isEmpty();
    assertThat(get(book().notify(event, "1", LOOK_MS))).containsExactlyInAnyOrder(waiter("a"),
        waiter("b"));
    assertThat(await("a")).contains("1");
    get(book().told(event, waiter("a")));
    assertThat(await("a")).isEmpty();
    assertThat(await("b")).contains("1");
  }

  @Test
  void keeps_what_nobody_waited_for_and_gives_it_to_one() throws Exception {
    assertThat(get(book().notify(event, "1", LOOK_MS))).isEmpty();
    assertThat(await("a")).contains("1");
    assertThat(await("a")).contains("1");
    assertThat(await("b")).isEmpty();
  }

  @Test
  void gives_what_was_found_and_not_taken_to_the_next_waiter() throws Exception {
    get(book().notify(event, "1", LOOK_MS));
    assertThat(await("a")).contains("1");
    assertThat(await("b")).isEmpty();
    assertThat(leave("a")).contains(new Next(waiter("b"), "1"));
    assertThat(leave("a")).isEmpty();
    assertThat(await("b")).contains("1");
  }

  @Test
  void keeps_what_was_found_and_not_taken_where_nobody_waits() throws Exception {
    get(book().notify(event, "1", LOOK_MS));
    assertThat(await("a")).contains("1");
    assertThat(leave("a")).isEmpty();
    assertThat(await("b")).contains("1");
  }

  @Test
  void stores_again_after_the_last_waiter_has_left() throws Exception {
    await("a");
    leave("a");
    assertThat(get(book().notify(event, "1", LOOK_MS))).isEmpty();
    assertThat(await("b")).contains("1");
  }

  @Test
  void gives_nothing_to_a_wait_that_is_over() throws Exception {
    await("a");
    get(book().notify(event, "1", 0));
    get(book().told(event, waiter("a")));
    get(book().notify(event, "2", LOOK_MS));
    assertThat(await("a")).isEmpty();
    assertThat(get(book().await(event, waiter("late"), 1))).isEmpty();
    assertThat(await("b")).contains("2");
  }

  private Optional<String> await(String run) throws Exception {
    return get(book().await(event, waiter(run), LATER));
  }

  private Optional<Next> leave(String run) throws Exception {
    return get(book().leave(event, waiter(run), LOOK_MS));
  }

  private static Waiter waiter(String run) {
    return new Waiter(run, "0", 0, "w");
  }

  private static <T extends @Nullable Object> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
  }
}
