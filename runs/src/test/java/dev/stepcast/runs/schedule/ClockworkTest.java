package dev.stepcast.runs.schedule;

import static dev.stepcast.runs.schedule.ScheduleBookContract.get;
import static dev.stepcast.runs.schedule.ScheduleBookContract.plan;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stepcast.platform.problem.Problem;
import dev.stepcast.platform.redis.RedisLink.Unavailable;
import dev.stepcast.runs.schedule.Schedules.Plan;
import dev.stepcast.schemas.Missed;
import dev.stepcast.schemas.Overlap;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** When what is fired, on a clock of our own. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ClockworkTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final long START = 1_795_000_020_000L;
  private static final long MINUTE = 60_000;
  private static final int SEEDS = 300;

  private final AtomicLong now = new AtomicLong(START);
  private final ScheduleBook book = new MemoryScheduleBook(now::get);
  private final World world = new World();
  private Optional<Problem> full = Optional.empty();
  private final Schedules schedules = new Schedules(book);
  private final Clockwork clockwork = new Clockwork(VERTX, book, world,
      () -> Future.succeededFuture(full));

  /** What was started; a second start of one id is noted. */
  private static final class World implements Firing {
    private final List<String> started = new ArrayList<>();
    private final Set<String> live = new HashSet<>();

    @Override
    public Future<String> fire(Plan plan, long tick) {
      var id = "wfr_" + plan.id() + "." + tick;
      if (!started.contains(id)) {
        started.add(id);
        live.add(id);
      }
      return Future.succeededFuture(id);
    }

    @Override
    public Future<Boolean> live(String run) {
      return Future.succeededFuture(live.contains(run));
    }
  }

  @AfterAll
  static void close() throws Exception {
    get(VERTX.close());
  }

  @Test
  void each_tick_is_fired_once_at_its_time() throws Exception {
    put(Overlap.ALLOW, Missed.ONE);
    minutes(3);
    assertThat(world.started).isEqualTo(ticks(1, 2, 3));
  }

  @Test
  void a_tick_comes_to_nothing_while_the_run_before_goes_on() throws Exception {
    put(Overlap.SKIP, Missed.ONE);
    minutes(3);
    assertThat(world.started).isEqualTo(ticks(1));
    assertThat(get(schedules.find("s")).orElseThrow().skipped()).isEqualTo(2);
    world.live.clear();
    minutes(1);
    assertThat(world.started).isEqualTo(ticks(1, 4));
  }

  @Test
  void ticks_are_postponed_while_nothing_new_is_accepted() throws Exception {
    put(Overlap.ALLOW, Missed.ONE);
    full = Optional.of(Problem.unavailable("queue-full", "full", Duration.ofSeconds(5)));
    minutes(1);
    assertThat(world.started).isEmpty();
    full = Optional.empty();
    now.addAndGet(Clockwork.CLAIM.toMillis() + 1);
    get(clockwork.look());
    assertThat(world.started).isEqualTo(ticks(1));
  }

  @Test
  void one_tick_waits_for_the_run_before_where_it_shall() throws Exception {
    put(Overlap.BUFFER, Missed.ONE);
    minutes(3);
    assertThat(world.started).isEqualTo(ticks(1));
    world.live.clear();
    now.addAndGet(2_000);
    get(clockwork.look());
    assertThat(world.started).isEqualTo(ticks(1, 2));
    assertThat(get(schedules.find("s")).orElseThrow().skipped()).isEqualTo(1);
    world.live.clear();
    minutes(1);
    assertThat(world.started).isEqualTo(ticks(1, 2, 4));
  }

  @Test
  void after_a_time_without_nodes_the_latest_tick_is_made_up_for() throws Exception {
    put(Overlap.ALLOW, Missed.ONE);
    now.addAndGet(10 * MINUTE + 5_000);
    rest();
    assertThat(world.started).isEqualTo(ticks(10));
    minutes(1);
    assertThat(world.started).isEqualTo(ticks(10, 11));
  }

  @Test
  void or_all_of_them_or_those_that_are_only_late() throws Exception {
    put(Overlap.ALLOW, Missed.ALL);
    now.addAndGet(5 * MINUTE + 5_000);
    rest();
    assertThat(world.started).isEqualTo(ticks(1, 2, 3, 4, 5));
    get(schedules.delete("s"));
    put(Overlap.ALLOW, Missed.NONE);
    now.addAndGet(4 * MINUTE + 20_000);
    rest();
    assertThat(world.started).isEqualTo(ticks(1, 2, 3, 4, 5, 9));
  }

  @Test
  void what_was_missed_while_paused_is_not_made_up_for() throws Exception {
    put(Overlap.ALLOW, Missed.ALL);
    get(schedules.pause("s"));
    minutes(3);
    get(schedules.unpause("s"));
    minutes(1);
    assertThat(world.started).isEqualTo(ticks(4));
  }

  /** Three nodes, each of whose calls may fail before or after it was applied. */
  @Test
  void a_tick_is_fired_once_through_any_crashes() throws Exception {
    for (int seed = 0; seed < SEEDS; seed++) {
      var random = new Random(seed);
      var clock = new AtomicLong(START);
      var kept = new MemoryScheduleBook(clock::get);
      var all = new World();
      get(new Schedules(kept).put(plan("s", "* * * * *", Overlap.ALLOW, Missed.ALL), null));
      var nodes = IntStream.range(0, 3).mapToObj(_ -> new Clockwork(VERTX,
          faulty(random, ScheduleBook.class, kept), faulty(random, Firing.class, all),
          () -> Future.succeededFuture(Optional.empty()))).toList();
      while (clock.get() < START + 20 * MINUTE) {
        nodes.get(random.nextInt(3)).look();
        clock.addAndGet(random.nextInt(5_000));
      }
      clock.set(START + 20 * MINUTE + MINUTE / 2);
      for (int i = 0; i < 40; i++) {
        get(new Clockwork(VERTX, kept, all,
            () -> Future.succeededFuture(Optional.empty())).look());
      }
      assertThat(all.started).as("seed " + seed)
          .isEqualTo(ticks(LongStream.rangeClosed(1, 20).toArray()));
      assertThat(get(kept.find("s")).orElseThrow().fired()).as("seed " + seed).isEqualTo(20);
    }
  }

  @SuppressWarnings("unchecked")
  private static <T> T faulty(Random random, Class<T> type, T real) {
    return (T) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
        (_, method, args) -> {
          int fate = random.nextInt(10);
          if (fate == 0) {
            return Future.failedFuture(new Unavailable("never sent", null));
          }
          try {
            var answer = method.invoke(real, args);
            return fate == 1 ? Future.failedFuture(new Unavailable("answer lost", null)) : answer;
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  private void put(Overlap overlap, Missed missed) throws Exception {
    get(schedules.put(plan("s", "* * * * *", overlap, missed), null));
  }

  private void minutes(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      now.addAndGet(MINUTE);
      rest();
    }
  }

  /** Looks until nothing is due any more. */
  private void rest() throws Exception {
    for (int i = 0; i < 20; i++) {
      get(clockwork.look());
    }
  }

  /** Ids of the runs of those minutes after the start. */
  private static List<String> ticks(long... minutes) {
    long first = START - START % MINUTE;
    return LongStream.of(minutes).mapToObj(minute -> "wfr_s." + (first + minute * MINUTE))
        .toList();
  }
}
