package dev.stepcast.platform.channel;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.channel.ChannelLog.Emit;
import dev.stepcast.platform.channel.ChannelLog.Entry;
import dev.stepcast.platform.channel.ChannelLog.History;
import dev.stepcast.platform.channel.ChannelLog.Limit;
import dev.stepcast.platform.channel.ChannelLog.NoSuchChannel;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The history of a run's channel, which is a part of the run: as long as it is, as any other. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RunLogTest {
  private static final Limit ALL = new Limit(10_000, 1 << 24);
  private static final int SEEDS = Boolean.getBoolean("soak") ? 2_000 : 60;

  private final Vertx vertx = Vertx.vertx();
  private final RedisLink redis = RedisLink.open(vertx, TestRedis.url(), 2);
  private final Keys keys = new Keys(TestRedis.prefix(), 16);
  private final ChannelLog log = new ChannelLog(redis, keys);

  @BeforeAll
  void connect() {
    await().atMost(20, SECONDS).until(redis::up);
  }

  @AfterAll
  void close() throws Exception {
    get(redis.close().eventually(vertx::close));
  }

  @Test
  void there_is_none_without_its_run() throws Exception {
    var channel = new ChannelName("wfr_none");
    assertThatThrownBy(() -> emit(channel, "note", "{}")).hasCauseInstanceOf(NoSuchChannel.class);
    assertThat(get(log.readAfter(channel, "5-0", ALL))).isEqualTo(
        new ChannelLog.Page("0-0", List.of()));
    assertThat(get(log.readBefore(channel, null, 9))).isEmpty();
    assertThat(get(log.length(channel))).isZero();
    assertThat(get(log.ends(List.of("wfr_none")))).containsExactly("0-0");
  }

  @Test
  void ids_grow_although_the_clock_went_back() throws Exception {
    var channel = run("wfr_back");
    field(channel, "log", "9999999999999-7");
    var first = emit(channel, "note", "1");
    var second = emit(channel, "note", "2");
    assertThat(get(log.readAfter(channel, "9999999999999-7", ALL)).entries()).containsExactly(
        new Entry("9999999999999-8", "9999999999999-7", "note", "1"),
        new Entry("9999999999999-9", "9999999999999-8", "note", "2"));
    assertThat(List.of(first, second)).containsExactly("9999999999999-8", "9999999999999-9");
  }

  @Test
  void what_is_told_after_the_end_is_forgotten_with_the_run() throws Exception {
    var channel = run("wfr_ended");
    var run = keys.keeper("wfr_ended");
    get(redis.send(run, Request.cmd(Command.PEXPIRE).arg(run).arg(60_000)));
    emit(channel, "note", "\"" + "x".repeat(2_000) + "\"");
    var older = keys.channel("wfr_ended");
    assertThat(get(redis.send(older, Request.cmd(Command.PTTL).arg(older))).toLong())
        .isBetween(1L, 60_000L);
  }

  @Test
  void what_a_field_of_the_run_says_is_read_from_there() throws Exception {
    var channel = run("wfr_said");
    var entry = "{\"stepName\":\"ä\",\"result\":[1],\"k\":\"x\",\"at\":5}";
    field(channel, "j:0", entry);
    field(channel, "out", "{\"a\":1}");
    field(channel, "log", "1700000000000\u001e0.stepFinish\u001d\u001fj:0 "
        + "{\"stepName\":\"ä\",\"result\":[1]"
            .getBytes(java.nio.charset.StandardCharsets.UTF_8).length
        + "\u001e5-2.runFinish\u001d{\"result\":\u001fout\u001e6 x\u001d{\"y\":\u001fgone");
    assertThat(get(log.readAfter(channel, "0-0", ALL)).entries()).containsExactly(
        new Entry("1700000000000-0", "0-0", "workflow.stepFinish",
            "{\"stepName\":\"ä\",\"result\":[1],\"at\":1700000000000}"),
        new Entry("1700000000005-2", "1700000000000-0", "workflow.runFinish",
            "{\"result\":{\"a\":1},\"at\":1700000000005}"),
        new Entry("1700000000006-0", "1700000000005-2", "x",
            "{\"y\":{\"truncated\":true,\"at\":1700000000006}"));
  }

  @Test
  void any_part_of_it_reads_as_it_was_written() throws Exception {
    for (int seed = 0; seed < SEEDS; seed++) {
      var random = new Random(seed);
      var channel = run("wfr_drawn" + seed);
      var model = new ArrayList<Entry>();
      int events = random.nextInt(120);
      for (int i = 0; i < events; i++) {
        var event = random.nextBoolean() ? "workflow.x" + i : "a." + i + "-1";
        var data = "\"" + "é ".repeat(random.nextInt(random.nextInt(9) == 0 ? 2_000 : 40)) + "\"";
        var id = emit(channel, event, data);
        model.add(new Entry(id, model.isEmpty() ? "0-0" : model.getLast().id(), event, data));
      }
      compare(channel, model, random, seed);
    }
  }

  private void compare(ChannelName channel, List<Entry> model, Random random, int seed)
      throws Exception {
    var last = model.isEmpty() ? "0-0" : model.getLast().id();
    assertThat(get(log.readAfter(channel, "0-0", ALL)).entries()).as("seed " + seed)
        .isEqualTo(model);
    assertThat(get(log.length(channel))).isEqualTo(model.size());
    assertThat(get(log.ends(List.of(channel.value(), "wfr_none")).recover(_ -> log
        .ends(List.of(channel.value()))))).first().isEqualTo(last);
    for (int i = 0; i < 12; i++) {
      int at = model.isEmpty() ? 0 : random.nextInt(model.size() + 1);
      int count = 1 + random.nextInt(20);
      var id = at == 0 ? "0-0" : model.get(at - 1).id();
      var after = get(log.readAfter(channel, id, new Limit(count, 1 << 20)));
      assertThat(after.tail()).isEqualTo(last);
      assertThat(after.entries()).as("seed " + seed + " after " + id).isEqualTo(
          model.subList(at, Math.min(model.size(), at + count)));
      assertThat(get(log.readBefore(channel, at == 0 ? null : id, count))).as("seed " + seed
          + " before " + id).isEqualTo(before(model, at == 0 ? model.size() : at - 1, count));
      assertThat(get(log.range(channel, false, id, count))).isEqualTo(
          model.subList(Math.max(0, at - 1), Math.min(model.size(), Math.max(0, at - 1) + count)));
    }
  }

  private static List<Entry> before(List<Entry> model, int end, int count) {
    return model.subList(Math.max(0, end - count), end);
  }

  private ChannelName run(String id) throws Exception {
    var channel = new ChannelName(id);
    field(channel, "st", "QUEUED");
    return channel;
  }

  private void field(ChannelName run, String name, String value) throws Exception {
    var key = keys.keeper(run.value());
    get(redis.send(key, Request.cmd(Command.HSET).arg(key).arg(name).arg(value)));
  }

  private String emit(ChannelName channel, String event, String data) throws Exception {
    return get(log.append(channel, new Emit(event, data, null), History.OWNED)).id();
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
  }
}
