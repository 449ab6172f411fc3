package dev.stepcast.platform.presence;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.presence.Presence.Lease;
import dev.stepcast.platform.presence.Presence.Member;
import dev.stepcast.platform.pubsub.Subscription;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.schemas.RealtimeEvent;
import dev.stepcast.schemas.Wire;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class PresenceTest {
  private static final Lease ONE = new Lease("one", Duration.ofMinutes(1), Duration.ZERO);
  private static final Lease TWO = new Lease("two", Duration.ofMinutes(1), Duration.ZERO);
  private static final Lease KIND = new Lease("one", Duration.ofMinutes(1),
      Duration.ofMinutes(1));
  private static final Lease SHORT = new Lease("one", Duration.ofMillis(300), Duration.ZERO);

  private final Vertx vertx = Vertx.vertx();
  private final RedisLink redis = RedisLink.open(vertx, TestRedis.url(), 2);
  private final Keys keys = new Keys(TestRedis.prefix(), 16);
  private final Presence presence = new Presence(redis, keys);
  private final ChannelName channel = new ChannelName("lobby \"" + UUID.randomUUID());
  private final List<String> heard = new CopyOnWriteArrayList<>();

  @BeforeAll
  void connect() {
    await().atMost(20, SECONDS).until(redis::up);
  }

  @AfterAll
  void close() throws Exception {
    get(redis.close().eventually(vertx::close));
  }

  @Test
  void who_has_a_connection_on_any_node_is_there_once() throws Exception {
    get(presence.here(channel, ONE, 10, List.of("ada", "bob \"b\"")));
    get(presence.here(channel, TWO, 10, List.of("ada")));
    get(presence.here(channel, TWO, 10, List.of("ada")));
    assertThat(subjects()).containsExactlyInAnyOrder("ada", "bob \"b\"");
    get(presence.gone(channel, ONE, List.of("ada", "bob \"b\"")));
    assertThat(subjects()).containsExactly("ada");
    get(presence.gone(channel, TWO, List.of("ada")));
    assertThat(get(presence.of(channel)).count()).isZero();
    assertThat(get(presence.of(channel)).version()).isZero();
    assertThat(left()).isEmpty();
  }

  @Test
  void who_comes_back_within_the_grace_never_left() throws Exception {
    var other = new ChannelName("grace");
    listen(other);
    get(presence.here(other, KIND, 10, List.of("ada")));
    get(presence.gone(other, KIND, List.of("ada")));
    var there = get(presence.of(other));
    assertThat(there.members()).extracting(Member::subject).containsExactly("ada");
    get(presence.here(other, TWO, 10, List.of("ada")));
    get(presence.gone(other, ONE, List.of("ada"))); // its grace is over: the other lease stands
    assertThat(get(presence.of(other))).isEqualTo(there);
    get(presence.gone(other, TWO, List.of("ada")));
    await().atMost(20, SECONDS).until(() -> heard.size() == 2);
    var join = told(0, "realtime.join ", RealtimeEvent.Join.class);
    var leave = told(1, "realtime.leave ", RealtimeEvent.Leave.class);
    assertThat(join.id()).isEqualTo("ada").isEqualTo(leave.id());
    assertThat(join.version()).isEqualTo(there.version()).isEqualTo(leave.prev());
    assertThat(leave.version()).isGreaterThan(join.version());
  }

  @Test
  void what_a_killed_node_held_runs_out() throws Exception {
    var other = new ChannelName("ghosts");
    get(presence.here(other, SHORT, 10, List.of("ghost")));
    get(presence.here(other, TWO, 10, List.of("ada")));
    await().atMost(20, SECONDS).until(() -> get(presence.count(other)).count() == 1);
    assertThat(get(presence.of(other)).members()).extracting(Member::subject)
        .containsExactly("ada");
    get(presence.gone(other, TWO, List.of("ada")));
  }

  @Test
  void a_crowd_is_recorded_up_to_its_limit() throws Exception {
    var other = new ChannelName("crowd");
    var names = IntStream.range(0, 1_200).mapToObj(i -> "user" + i).toList();
    get(presence.here(other, ONE, 1_000, names));
    assertThat(get(presence.count(other)).count()).isEqualTo(1_000);
    assertThat(get(presence.count(other)).members()).isEmpty();
    get(presence.gone(other, ONE, names));
    get(presence.count(other));
    assertThat(get(presence.count(other)).count()).isZero();
  }

  private List<String> subjects() throws Exception {
    return get(presence.of(channel)).members().stream().map(Member::subject).toList();
  }

  private String left() throws Exception {
    var slot = keys.slot(channel.value());
    var found = get(redis.send(slot.key("", ""), Request.cmd(Command.EXISTS)
        .arg(slot.key("leases", channel.value())).arg(slot.key("members", channel.value()))));
    return String.valueOf(found).replace("0", "");
  }

  private void listen(ChannelName to) {
    var ready = new AtomicBoolean();
    vertx.runOnContext(_ -> Subscription.open(vertx, redis, new Subscription.Listener() {
      @Override
      public void subscribed(String name) {
        ready.set(true);
      }

      @Override
      public void message(String name, Buffer message) {
        heard.add(message.toString());
      }
    }).subscribe(keys.channel(to.value())));
    await().atMost(20, SECONDS).untilTrue(ready);
  }

  private <T> T told(int which, String event, Class<T> type) {
    assertThat(heard.get(which)).startsWith("! " + event);
    return Wire.decode(heard.get(which).substring(2 + event.length()), type);
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
  }
}
