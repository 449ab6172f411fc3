package dev.stepcast.runs.endpoint;

import static dev.stepcast.runs.endpoint.EndpointPlace.get;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.runs.endpoint.Deliveries.Failure;
import dev.stepcast.runs.flow.FlowBook.Acquired;
import dev.stepcast.runs.journal.Entry;
import dev.stepcast.runs.limit.Limits;
import dev.stepcast.runs.query.RunQueries;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.schemas.Attempt;
import dev.stepcast.schemas.FlowControl;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.StepError;
import dev.stepcast.schemas.WhyAnswer;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Whatever a run of an endpoint does or does not do, somebody can be told why. */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class EndpointWhyTest {
  private static final FlowControl ONE = new FlowControl("k", 1, null, null);
  private static final String[] NO_LABELS = {};

  private final Vertx vertx = Vertx.vertx();
  private final RedisLink redis = RedisLink.open(vertx, TestRedis.url(), 2);

  @BeforeAll
  void connect() {
    await().atMost(20, SECONDS).until(redis::up);
  }

  @AfterAll
  void close() throws Exception {
    get(redis.close().eventually(vertx::close));
  }

  private WhyAnswer why(EndpointPlace place, String run) throws Exception {
    var why = get(new RunQueries(redis, place.keys,
        RunStore.redis(redis, place.keys, RunStore.KEPT), Clock.systemUTC()).why(run))
        .orElseThrow();
    assertThat(why.why()).isNotBlank();
    return why;
  }

  @Test
  void its_endpoint_is_called_by_a_worker() throws Exception {
    var place = new EndpointPlace(redis);
    place.start("wfr_a", "{}");
    var queued = why(place, "wfr_a");
    assertThat(queued.dueAt()).isPositive();
    assertThat(queued.lease()).isNull();
    assertThat(queued.flow()).isNull();
    var one = place.take().getFirst();
    var called = why(place, "wfr_a");
    assertThat(called.state()).isEqualTo(RunState.RUNNING);
    var lease = Objects.requireNonNull(called.lease());
    assertThat(one.token()).startsWith(lease.worker());
    assertThat(lease.epoch()).isEqualTo(1);
    assertThat(lease.until()).isEqualTo(one.takenAt() + EndpointPlace.LEASE.toMillis());
  }

  @Test
  void its_endpoint_failed_and_is_called_again_then() throws Exception {
    var place = new EndpointPlace(redis);
    place.start("wfr_a", "{}");
    var one = place.take().getFirst();
    get(place.deliveries.retry(one, Duration.ofMinutes(10), "no",
        new Failure(new Entry.Step("charge", "run", 1),
            new Attempt(1, 1, 1L, "endpoint", new StepError("Error", "no money"), null))));
    var why = why(place, "wfr_a");
    assertThat(why.state()).isEqualTo(RunState.BACKING_OFF);
    assertThat(why.dueAt()).isGreaterThanOrEqualTo(one.takenAt() + 600_000);
    assertThat(why.lease()).isNull();
    assertThat(Objects.requireNonNull(why.lastError()).message()).isEqualTo("no money");
    assertThat(Objects.requireNonNull(why.step()).name()).isEqualTo("charge");
  }

  @Test
  void its_key_has_no_room() throws Exception {
    var place = new EndpointPlace(redis);
    var limits = new Limits(redis, place.keys);
    get(limits.published(ONE));
    place.start("wfr_a", "{}", ONE, NO_LABELS);
    place.start("wfr_b", "{}", ONE, NO_LABELS);
    var first = place.take(1).getFirst();
    assertThat(get(limits.enter(ONE, first.member(), first.takenAt())))
        .isEqualTo(new Acquired.Granted());
    var second = place.take(1).getFirst();
    assertThat(get(limits.enter(ONE, second.member(), second.takenAt())))
        .isInstanceOf(Acquired.Queued.class);
    get(place.deliveries.block(second, second.takenAt() + 600_000));

    var has = Objects.requireNonNull(why(place, first.id()).flow());
    assertThat(has.holds()).isTrue();
    assertThat(has.ahead()).isNull();
    var blocked = why(place, second.id());
    assertThat(blocked.state()).isEqualTo(RunState.BLOCKED_BY_FLOW);
    var waits = Objects.requireNonNull(blocked.flow());
    assertThat(waits.key()).isEqualTo("k");
    assertThat(waits.parallelism()).isEqualTo(1);
    assertThat(waits.rate()).isNull();
    assertThat(waits.holds()).isFalse();
    assertThat(waits.active()).isEqualTo(1);
    assertThat(waits.ahead()).isZero();
    assertThat(blocked.dueAt()).isPositive();
  }
}
