package dev.stepcast.runs.trim;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.runs.control.Runs;
import dev.stepcast.runs.control.Runs.TriggerCommand;
import dev.stepcast.runs.control.Runs.Triggered;
import dev.stepcast.runs.store.RunStore;
import dev.stepcast.schemas.TriggerRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TrimmerTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final RedisLink REDIS = RedisLink.open(VERTX, TestRedis.url(), 1);

  private final Keys keys = new Keys(TestRedis.prefix(), 1);
  private final Runs runs = new Runs(RunStore.redis(REDIS, keys, RunStore.KEPT), keys);

  @BeforeAll
  static void connect() {
    await().atMost(20, SECONDS).until(REDIS::up);
  }

  @AfterAll
  static void close() throws Exception {
    get(REDIS.close().eventually(VERTX::close));
  }

  @Test
  void forgotten_runs_leave_the_indexes_and_others_stay() throws Exception {
    var stays = triggered("both");
    for (int i = 0; i < 3; i++) {
      var goes = triggered(i == 0 ? "both" : "gone");
      get(runs.cancel(goes));
      send(Command.DEL, keys.slot(goes).key("run", goes));
    }
    assertThat(get(trimmer(Duration.ofDays(1)).trim(0))).isZero();
    assertThat(get(trimmer(Duration.ZERO).trim(0))).isEqualTo(9);
    assertThat(count("idx:all")).isEqualTo(1);
    assertThat(count("idx:CANCELED")).isZero();
    assertThat(count("idx:label:both")).isEqualTo(1);
    assertThat(count("idx:label:gone")).isZero();
    assertThat(count("labels")).isEqualTo(1);
    assertThat(get(runs.cancel(stays))).isEqualTo(RunStore.Control.DONE);
  }

  private static Trimmer trimmer(Duration youngest, Keys keys) {
    return new Trimmer(VERTX, REDIS, keys, youngest);
  }

  private Trimmer trimmer(Duration youngest) {
    return trimmer(youngest.minusMillis(1), keys);
  }

  private String triggered(String label) throws Exception {
    var request = new TriggerRequest("w", null, null, null, null, null, List.of(label), null);
    return ((Triggered.Accepted) get(runs.trigger(new TriggerCommand(request, "1", null))))
        .workflowRunId();
  }

  private long count(String set) throws Exception {
    return send(Command.ZCARD, keys.slot(0).key(set));
  }

  private static long send(Command command, String key) throws Exception {
    return get(REDIS.send(key, Request.cmd(command).arg(key)).map(answer -> answer == null ? 0
        : answer.toLong()));
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
  }
}
