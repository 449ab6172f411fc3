package dev.stepcast.platform.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.embedded.EmbeddedRedis;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.spi.cluster.NodeListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** A Redis that is killed and comes back with nothing: it keeps no file. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RedisAwayTest {
  private EmbeddedRedis redis = redis(0);
  private final Nodes nodes = new Nodes(redis.url());

  @AfterEach
  void stop() throws Exception {
    nodes.close();
    redis.close();
  }

  @Test
  void the_bus_goes_on_and_what_was_asked_for_meanwhile_is_done_when_it_is_back() throws Exception {
    var one = nodes.start();
    var other = nodes.start();
    nodes.listen(one, "known");
    nodes.listen(one, "never asked before");
    assertThat(nodes.ask(other, "known")).isEqualTo("hi");
    redis.kill();
    assertThat(nodes.ask(other, "known")).isEqualTo("hi");
    assertThat(nodes.ask(other, "never asked before")).isEqualTo("hi");
    var late = one.eventBus().<String>consumer("late", message -> message.reply("yes"));
    assertThat(nodes.ask(one, "late")).isEqualTo("yes");
    assertThat(late.completion().isComplete()).isFalse();
    comeBack();
    Nodes.get(late.completion());
    // The other node learns of it when its own link is back, which may be later.
    await().atMost(30, SECONDS).ignoreException(ExecutionException.class)
        .until(() -> "yes".equals(nodes.ask(other, "late")));
  }

  @Test
  void an_emptied_one_is_refilled_by_the_living_and_nobody_is_told_that_anybody_left()
      throws Exception {
    var one = nodes.start();
    var other = nodes.start();
    nodes.listen(one, "echo");
    assertThat(nodes.ask(other, "echo")).isEqualTo("hi");
    var gone = gone(other);
    redis.kill();
    comeBack();
    var third = nodes.start();
    await().atMost(30, SECONDS).until(() -> nodes.ids(third).size() == 3
        && nodes.ids(other).size() == 3 && nodes.ids(one).size() == 3);
    assertThat(nodes.ask(third, "echo")).isEqualTo("hi");
    assertThat(nodes.ask(other, "echo")).isEqualTo("hi");
    assertThat(gone).isEmpty();
  }

  @Test
  void who_died_while_it_was_away_is_given_up_once_it_is_back() throws Exception {
    var one = nodes.start();
    var other = nodes.start();
    nodes.listen(one, "echo");
    assertThat(nodes.ask(other, "echo")).isEqualTo("hi");
    redis.kill();
    Nodes.get(one.close());
    comeBack();
    await().atMost(30, SECONDS).until(() -> nodes.ids(other).size() == 1);
  }

  @Test
  void a_lock_given_back_meanwhile_is_free_when_it_is_back() throws Exception {
    var one = nodes.start();
    var other = nodes.start();
    var lock = Nodes.get(one.sharedData().getLock("door"));
    var waiting = other.sharedData().getLockWithTimeout("door", 28_000);
    redis.kill();
    lock.release();
    comeBack();
    Nodes.get(waiting).release();
  }

  private void comeBack() {
    redis = redis(redis.port());
  }

  private static EmbeddedRedis redis(int port) {
    try {
      return EmbeddedRedis.start(new EmbeddedRedis.Options(port, null, List.of()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> gone(io.vertx.core.Vertx vertx) {
    var gone = new CopyOnWriteArrayList<String>();
    ((VertxInternal) vertx).clusterManager().nodeListener(new NodeListener() {
      @Override
      public void nodeAdded(String node) {}

      @Override
      public void nodeLeft(String node) {
        gone.add(node);
      }
    });
    return gone;
  }
}
