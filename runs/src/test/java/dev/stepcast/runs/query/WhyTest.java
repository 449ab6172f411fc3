package dev.stepcast.runs.query;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.runs.control.Runs;
import dev.stepcast.runs.control.Runs.TriggerCommand;
import dev.stepcast.runs.control.Runs.Triggered;
import dev.stepcast.runs.journal.Entry;
import dev.stepcast.runs.journal.Note;
import dev.stepcast.runs.store.RunImage;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.runs.store.RunStore.Hold;
import dev.stepcast.runs.store.RunStore.Leased;
import dev.stepcast.runs.store.RunStore.Parking;
import dev.stepcast.runs.store.RunStore.Take;
import dev.stepcast.runs.store.RunStore.Write;
import dev.stepcast.schemas.FlowControl;
import dev.stepcast.schemas.RunError;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.TriggerRequest;
import dev.stepcast.schemas.WhyAnswer;
import dev.stepcast.schemas.Wire;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Whatever a run does or does not do, somebody can be told why. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WhyTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final RedisLink REDIS = RedisLink.open(VERTX, TestRedis.url(), 1);
  private static final long LATER = 4_000_000_000_000L;
  private static final FlowControl FLOW = new FlowControl("k", 1, null, null);

  private final Keys keys = new Keys(TestRedis.prefix(), 1);
  private final RunStore store = RunStore.redis(REDIS, keys, RunStore.KEPT);
  private final Runs runs = new Runs(store, keys);
  private final RunQueries queries = new RunQueries(REDIS, keys, store, Clock.systemUTC());
  private long takes;

  @BeforeAll
  static void connect() {
    await().atMost(20, SECONDS).until(REDIS::up);
  }

  @AfterAll
  static void close() throws Exception {
    get(REDIS.close().eventually(VERTX::close));
  }

  private String queued() throws Exception {
    return queued(null);
  }

  private String queued(@Nullable Long delayMs) throws Exception {
    return ((Triggered.Accepted) get(runs.trigger(new TriggerCommand(
        new TriggerRequest("w", null, null, delayMs, null, null, null, FLOW), "1", null))))
        .workflowRunId();
  }

  private Leased held() throws Exception {
    queued();
    return get(store.take(new Take(0, "java", 1, "abcde", ++takes, Duration.ofSeconds(60))))
        .runs().getFirst();
  }

  private WhyAnswer parked(RunState state, long at, Map<String, String> fields) throws Exception {
    var held = held();
    get(store.park(new Hold(held.id(), held.token(), 1), new Write(fields, List.of()),
        new Parking(state, at, Set.of())));
    return why(held.id(), state);
  }

  private WhyAnswer why(String run, RunState state) throws Exception {
    var why = get(queries.why(run)).orElseThrow();
    assertThat(why.state()).isEqualTo(state);
    assertThat(why.why()).isNotBlank();
    return why;
  }

  @Test
  void a_run_is_queued() throws Exception {
    var why = why(queued(), RunState.QUEUED);
    assertThat(why.dueAt()).isPositive();
    assertThat(Objects.requireNonNull(why.flow()).holds()).isFalse();
    assertThat(why.lease()).isNull();
  }

  @Test
  void it_was_triggered_for_later() throws Exception {
    assertThat(why(queued(60_000L), RunState.QUEUED).why()).contains("begin at dueAt")
        .doesNotContain("free slot");
  }

  @Test
  void it_is_running_and_may_be_about_to_rest() throws Exception {
    var held = held();
    var lease = Objects.requireNonNull(why(held.id(), RunState.RUNNING).lease());
    assertThat(lease.epoch()).isEqualTo(1);
    assertThat(lease.toString()).contains("abcde");
    get(store.pause(held.id()));
    assertThat(why(held.id(), RunState.RUNNING).why()).contains("somebody paused it");
  }

  @Test
  void it_sleeps() throws Exception {
    assertThat(parked(RunState.SLEEPING, LATER, Map.of()).dueAt()).isEqualTo(LATER);
  }

  @Test
  void it_waits_for_an_event_or_a_child() throws Exception {
    var event = Note.waiting(new Entry.Step("paid", "wait", 0), "order-1", LATER);
    var child = Note.waiting(new Entry.Step("part", "invoke", 1), "wfr_child", null);
    var waits = parked(RunState.WAITING, LATER,
        Map.of("w:0", Wire.encode(event), "w:1", Wire.encode(child))).waits();
    assertThat(waits).extracting(wait -> wait.eventId() + " " + wait.workflowRunId())
        .containsExactlyInAnyOrder("order-1 null", "null wfr_child");
  }

  @Test
  void its_last_attempt_failed_or_nobody_has_its_code() throws Exception {
    assertThat(parked(RunState.BACKING_OFF, LATER, Map.of()).why()).contains("attempt failed");
    var missing = parked(RunState.BACKING_OFF, LATER, Map.of(RunImage.NOTE, "no node has it"));
    assertThat(missing.note()).isEqualTo("no node has it");
    assertThat(missing.why()).contains("note");
  }

  @Test
  void somebody_paused_it() throws Exception {
    var run = queued();
    get(store.pause(run));
    var why = why(run, RunState.PAUSED);
    assertThat(why.dueAt()).isNull();
    assertThat(why.why()).contains("unpaused");
  }

  @Test
  void its_key_has_no_room() throws Exception {
    assertThat(Objects.requireNonNull(
        parked(RunState.BLOCKED_BY_FLOW, LATER, Map.of()).flow()).key()).isEqualTo("k");
  }

  @Test
  void it_ended_and_may_have_others_to_tell() throws Exception {
    var failed = held();
    get(store.finish(new Hold(failed.id(), failed.token(), 1),
        new Write(Map.of(RunImage.OWED, "1", RunImage.ERROR,
            Wire.encode(new RunError("Bad", "very", "charge"))), List.of()),
        RunState.FAILED));
    var why = why(failed.id(), RunState.FAILED);
    assertThat(Objects.requireNonNull(why.error()).step()).isEqualTo("charge");
    assertThat(why.why()).startsWith("Others are still to be told");
    get(store.settle(failed.id()));
    assertThat(why(failed.id(), RunState.FAILED).why()).doesNotContain("told.");
    var well = held();
    get(store.finish(new Hold(well.id(), well.token(), 1), Write.NOTHING, RunState.SUCCEEDED));
    why(well.id(), RunState.SUCCEEDED);
    var canceled = queued();
    get(store.cancel(canceled));
    assertThat(why(canceled, RunState.CANCELED).waits()).isEmpty();
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
  }
}
