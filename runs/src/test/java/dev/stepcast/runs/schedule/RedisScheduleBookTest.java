package dev.stepcast.runs.schedule;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.runs.catalog.Catalog;
import dev.stepcast.runs.delivery.Config;
import dev.stepcast.runs.delivery.Spec;
import dev.stepcast.runs.delivery.Spec.Kind;
import dev.stepcast.runs.endpoint.EndpointRuns;
import dev.stepcast.runs.group.UrlGroups;
import dev.stepcast.runs.schedule.Schedules.Action;
import dev.stepcast.runs.schedule.Schedules.Message;
import dev.stepcast.runs.schedule.Schedules.Plan;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.schemas.Missed;
import dev.stepcast.schemas.Overlap;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisScheduleBookTest extends ScheduleBookContract {
  private static final Vertx VERTX = Vertx.vertx();
  private static final RedisLink REDIS = RedisLink.open(VERTX, TestRedis.url(), 1);

  private final Keys keys = new Keys(TestRedis.prefix(), 4);
  private final ScheduleBook book = new RedisScheduleBook(REDIS, keys);
  private final RunStore store = RunStore.redis(REDIS, keys, RunStore.KEPT);
  private final EndpointRuns endpoints = new EndpointRuns(REDIS, keys, true,
      RunStore.KEPT);
  private final UrlGroups groups = new UrlGroups(REDIS, keys, Clock.systemUTC());
  private final Starts starts = new Starts(REDIS, keys, store,
      new Catalog(REDIS, keys, Clock.systemUTC()), endpoints, groups);

  @BeforeAll
  static void connect() {
    await().atMost(20, SECONDS).until(REDIS::up);
  }

  @AfterAll
  static void close() throws Exception {
    get(REDIS.close().eventually(VERTX::close));
  }

  @Override
  ScheduleBook book() {
    return book;
  }

  @Test
  void a_tick_starts_one_run_however_often_it_is_fired() throws Exception {
    var run = get(starts.fire(plan("a", "* * * * *"), 5));
    assertThat(get(starts.fire(plan("a", "* * * * *"), 5))).isEqualTo(run).isEqualTo("wfr_a.5");
    assertThat(get(starts.live(run))).isTrue();
    get(store.cancel(run));
    assertThat(get(starts.live(run))).isFalse();
    get(starts.fire(plan("a", "* * * * *"), 5));
    assertThat(get(starts.live(run))).isFalse();
  }

  @Test
  void a_tick_sends_one_message_even_after_that_has_ended() throws Exception {
    var config = new Config("http://localhost:1/", 0, null, Map.of(), null, List.of(), null,
        false, null);
    var plan = new Plan("m", "* * * * *", "UTC", Overlap.SKIP, Missed.ONE,
        Action.send(new Message(config, Spec.of(Kind.MESSAGE, "http://localhost:1/", "POST"),
            "aGVsbG8=", 0, false)));
    get(book.put(plan, null, 5));
    var kept = get(book.find("m")).orElseThrow().plan();
    assertThat(kept).isEqualTo(plan);
    var message = get(starts.fire(kept, 5));
    assertThat(message).isEqualTo("msg_m.5");
    assertThat(get(starts.live(message))).isTrue();
    get(endpoints.cancel(message));
    get(starts.fire(plan, 5));
    assertThat(get(starts.live(message))).isFalse();
  }
}
