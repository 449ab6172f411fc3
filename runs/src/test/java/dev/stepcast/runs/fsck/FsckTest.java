package dev.stepcast.runs.fsck;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.runs.control.Runs;
import dev.stepcast.runs.control.Runs.TriggerCommand;
import dev.stepcast.runs.control.Runs.Triggered;
import dev.stepcast.runs.event.EventBook;
import dev.stepcast.runs.event.EventBook.Waiter;
import dev.stepcast.runs.flow.FlowBook;
import dev.stepcast.runs.flow.FlowBook.Claim;
import dev.stepcast.runs.fsck.Fsck.Finding;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.runs.store.RunStore.Hold;
import dev.stepcast.runs.store.RunStore.Take;
import dev.stepcast.runs.store.RunStore.Write;
import dev.stepcast.schemas.FlowControl;
import dev.stepcast.schemas.RunState;
import dev.stepcast.schemas.TriggerRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What fsck sees, and what it puts right. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class FsckTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final RedisLink REDIS = RedisLink.open(VERTX, TestRedis.url(), 1);

  private final Keys keys = new Keys(TestRedis.prefix(), 2);
  private final RunStore store = RunStore.redis(REDIS, keys, RunStore.KEPT);
  private final Runs runs = new Runs(store, keys);
  private final Fsck fsck = new Fsck(VERTX, REDIS, keys, Duration.ofMillis(50));

  @BeforeAll
  static void connect() {
    await().atMost(20, SECONDS).until(REDIS::up);
  }

  @AfterAll
  static void close() throws Exception {
    get(REDIS.close().eventually(VERTX::close));
  }

  @Test
  void runs_in_every_state_are_sound() throws Exception {
    get(runs.pause(triggered()));
    get(runs.cancel(triggered()));
    var ended = taken();
    get(store.finish(new Hold(ended.id(), ended.token(), 1), Write.NOTHING, RunState.SUCCEEDED));
    taken();
    var report = get(fsck.check());
    assertThat(report.findings()).isEmpty();
    assertThat(report.runs()).isEqualTo(4);
    assertThat(report.sound()).isTrue();
  }

  @Test
  void a_run_whose_id_looks_like_a_deliverys_is_sound() throws Exception {
    get(runs.trigger(new TriggerCommand(
        new TriggerRequest("w", null, "order#42", 60_000L, null, null, null, null), "1", null)));
    assertThat(get(fsck.check()).findings()).isEmpty();
  }

  @Test
  void what_is_wrong_is_seen_and_put_right() throws Exception {
    var lost = triggered();
    send(Command.ZREM, due(lost), lost);
    var unlisted = triggered();
    send(Command.ZREM, keys.slot(unlisted).key("idx", "LIVE"), unlisted);
    var mortal = triggered();
    send(Command.PEXPIRE, keys.slot(mortal).key("run", mortal), "1000000");
    var endless = triggered();
    get(runs.cancel(endless));
    send(Command.PERSIST, keys.slot(endless).key("run", endless));
    send(Command.ZADD, due(endless), "0", endless);
    var gone = triggered();
    send(Command.DEL, keys.slot(gone).key("run", gone));
    send(Command.HSET, keys.slot(gone).key("blob", gone), "in", "x");
    assertThat(get(fsck.check()).findings()).extracting(Finding::kind, Finding::subject)
        .contains(tuple("unreachable", lost), tuple("index", unlisted), tuple("mortal", mortal),
            tuple("immortal", endless), tuple("due-ended", endless), tuple("due", due(gone)),
            tuple("orphan", keys.slot(gone).key("blob", gone)));
    assertThat(get(fsck.repair()).sound()).isTrue();
    assertThat(get(fsck.check()).findings()).isEmpty();
    assertThat(ids()).contains(lost, unlisted, mortal).doesNotContain(endless, gone);
  }

  @Test
  void slots_and_waiters_of_ended_runs_are_seen() throws Exception {
    var id = triggered();
    var flow = new FlowControl("k", 1, null, null);
    get(FlowBook.redis(REDIS, keys).acquire(new Claim(flow, id, 1)));
    get(EventBook.redis(REDIS, keys).await("e", new Waiter(id, "0", 0, "n"), Long.MAX_VALUE >> 12));
    assertThat(get(fsck.check()).findings()).isEmpty();
    get(runs.cancel(id));
    assertThat(get(fsck.check()).findings()).extracting(Finding::kind)
        .containsExactlyInAnyOrder("flow", "waiter");
    get(fsck.repair());
    assertThat(get(fsck.check()).findings()).isEmpty();
  }

  @Test
  void a_missing_entry_is_seen_and_an_empty_branch_is_only_noted() {
    assertThat(RunCheck.holes(Set.of("0", "1", "2.0.0", "2.1.0", "3"))).isEmpty();
    assertThat(RunCheck.holes(Set.of("0", "2.0.1", "u0"))).containsExactly("1", "2.0.0");
  }

  private static org.assertj.core.groups.Tuple tuple(String kind, String subject) {
    return org.assertj.core.groups.Tuple.tuple(kind, subject);
  }

  private String triggered() throws Exception {
    var request = new TriggerRequest("w", null, null, null, null, null, List.of("l"), null);
    return ((Triggered.Accepted) get(runs.trigger(new TriggerCommand(request, "1", null))))
        .workflowRunId();
  }

  private RunStore.Leased taken() throws Exception {
    var id = triggered();
    return get(store.take(new Take(keys.partition(id), "java", 10, "n" + id, 1,
        Duration.ofMinutes(5)))).runs().getFirst();
  }

  private List<String> ids() throws Exception {
    var all = new java.util.ArrayList<String>();
    for (int i = 0; i < 2; i++) {
      get(store.take(new Take(i, "java", 100, "z", i + 1, Duration.ofMinutes(5)))).runs()
          .forEach(one -> all.add(one.id()));
    }
    return all;
  }

  private String due(String id) {
    return keys.slot(id).key("due", "java");
  }

  private static void send(Command command, String key, String... args) throws Exception {
    var request = Request.cmd(command).arg(key);
    for (var arg : args) {
      request.arg(arg);
    }
    get(REDIS.send(key, request));
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(60, SECONDS);
  }
}
