package dev.stepcast.runs.store;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.channel.ChannelLog;
import dev.stepcast.platform.channel.ChannelLog.Entry;
import dev.stepcast.platform.channel.ChannelLog.Limit;
import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.schemas.RunState;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisRunStoreTest extends RunStoreContract {
  private static final Vertx VERTX = Vertx.vertx();
  private static final RedisLink REDIS = RedisLink.open(VERTX, TestRedis.url(), 1);

  private final Keys keys = new Keys(TestRedis.prefix(), 1);
  private final RunStore store = RunStore.redis(REDIS, keys, RunStore.KEPT);

  @BeforeAll
  static void connect() {
    await().atMost(20, SECONDS).until(REDIS::up);
  }

  @AfterAll
  static void close() throws Exception {
    get(REDIS.close().eventually(VERTX::close));
  }

  private long ttl(String id) throws Exception {
    var key = keys.slot(id).key("run", id);
    return get(REDIS.send(key, Request.cmd(Command.PTTL).arg(key))).toLong();
  }

  @Test
  void an_ended_run_is_kept_as_long_as_its_state_says() throws Exception {
    var held = held("wfr_a");
    assertThat(ttl("wfr_a")).isNegative();
    get(store.finish(hold(held, 1), RunStore.Write.NOTHING, RunState.SUCCEEDED));
    assertThat(Duration.ofMillis(ttl("wfr_a"))).isBetween(Duration.ofHours(23),
        Duration.ofHours(24));
    get(store.finish(hold(held("wfr_b"), 1), RunStore.Write.NOTHING, RunState.FAILED));
    trigger("wfr_c");
    get(store.cancel("wfr_c"));
    for (var run : List.of("wfr_b", "wfr_c")) {
      assertThat(Duration.ofMillis(ttl(run))).isBetween(Duration.ofDays(6), Duration.ofDays(7));
    }
  }

  @Test
  void the_same_request_a_minute_after_the_end_is_a_new_run() throws Exception {
    var mine = run("wfr_mine", "h", Optional.empty()).archiving("wfr_mine~old");
    get(store.trigger(mine));
    get(store.cancel("wfr_mine"));
    var key = keys.slot("wfr_mine").key("run", "wfr_mine");
    var before = System.currentTimeMillis() - RunStore.SENT_AGAIN.toMillis() - 5_000;
    get(REDIS.send(key, Request.cmd(Command.HSET).arg(key).arg("end").arg(before)));
    assertThat(get(store.trigger(mine))).isInstanceOf(RunStore.Triggering.Accepted.class);
    assertThat(state("wfr_mine~old")).isEqualTo(RunState.CANCELED);
    var log = new ChannelLog(REDIS, keys);
    var ended = get(log.readBefore(new ChannelName("wfr_mine~old"), null, 1)).getFirst();
    assertThat(get(log.readBefore(new ChannelName("wfr_mine"), null, 9))).singleElement()
        .returns(ended.id(), Entry::prev); // who listens all the time misses nothing
  }

  @Test
  void what_an_entry_and_the_result_say_is_stored_once() throws Exception {
    var held = held("wfr_once");
    var answer = "\"" + "x".repeat(200) + "\"";
    get(store.step(hold(held, 1), new RunStore.Write(
        Map.of("j:0", "{\"stepName\":\"a\",\"result\":" + answer + ",\"w\":\"n\",\"at\":"),
        List.of(new RunStore.Told("workflow.stepFinish",
            "{\"stepName\":\"a\",\"result\":" + answer + ",\"at\":")))));
    get(store.finish(hold(held, 2), new RunStore.Write(Map.of("out", answer),
        List.of(new RunStore.Told("workflow.runFinish", "{\"result\":" + answer + ",\"at\":"))),
        RunState.SUCCEEDED));
    var key = keys.slot("wfr_once").key("run", "wfr_once");
    assertThat(get(REDIS.send(key, Request.cmd(Command.HGET).arg(key).arg("log"))).toString())
        .doesNotContain("xx").hasSizeLessThan(120);
    assertThat(get(new ChannelLog(REDIS, keys).readBefore(new ChannelName("wfr_once"), null, 2)))
        .extracting(entry -> entry.data().replaceAll("\"at\":\\d+", "T"))
        .containsExactly("{\"stepName\":\"a\",\"result\":" + answer + ",T}",
            "{\"result\":" + answer + ",T}");
  }

  @Override
  RunStore store() {
    return store;
  }

  @Override
  List<String> told(String id) throws Exception {
    return get(new ChannelLog(REDIS, keys).readAfter(new ChannelName(id), "0-0",
        new Limit(100, 1 << 20))).entries().stream().map(Entry::event).toList();
  }
}
