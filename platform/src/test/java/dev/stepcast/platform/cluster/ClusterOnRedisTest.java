package dev.stepcast.platform.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.shareddata.AsyncMap;
import io.vertx.core.spi.cluster.NodeListener;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ClusterOnRedisTest {
  private final Nodes nodes = new Nodes(TestRedis.url());

  @AfterEach
  void leave() throws Exception {
    nodes.close();
  }

  @Test
  void a_node_finds_what_another_one_listens_to() throws Exception {
    var one = nodes.start();
    var other = nodes.start();
    nodes.listen(one, "echo");
    assertThat(nodes.ask(other, "echo")).isEqualTo("hi");
  }

  @Test
  void a_node_that_was_given_up_comes_back_with_all_it_had() throws Exception {
    var one = nodes.start();
    var other = nodes.start();
    nodes.listen(one, "echo");
    nodes.giveUp(one);
    await().atMost(30, SECONDS).ignoreExceptions()
        .until(() -> nodes.ask(other, "echo", 3_000).equals("hi"));
    await().atMost(30, SECONDS).until(() -> nodes.ids(other).contains(Nodes.id(one)));
  }

  @Test
  void a_lock_is_free_once_its_holder_was_given_up() throws Exception {
    var one = nodes.start();
    var other = nodes.start();
    Nodes.get(one.sharedData().getLock("door"));
    var waiting = other.sharedData().getLockWithTimeout("door", 25_000);
    nodes.giveUp(one);
    Nodes.get(waiting).release();
  }

  @Test
  void all_nodes_are_told_the_same_in_the_same_order() throws Exception {
    var one = nodes.start();
    var heardByOne = told(one);
    var other = nodes.start();
    await().atMost(30, SECONDS).until(() -> heardByOne.size() == 1);
    heardByOne.clear();
    var heardByOther = told(other);
    for (int i = 0; i < 3; i++) {
      var guest = nodes.start();
      var second = nodes.start();
      Nodes.get(second.close());
      Nodes.get(guest.close());
    }
    await().atMost(30, SECONDS)
        .until(() -> heardByOne.size() == 12 && heardByOther.size() == 12);
    assertThat(heardByOne).isEqualTo(heardByOther);
  }

  @Test
  void what_a_listener_is_told_is_true_while_it_is_told() throws Exception {
    var one = nodes.start();
    var cluster = ((VertxInternal) one).clusterManager();
    var wrong = new CopyOnWriteArrayList<String>();
    var seen = new CopyOnWriteArrayList<String>();
    cluster.nodeListener(new NodeListener() {
      @Override
      public void nodeAdded(String node) {
        note(node, cluster.getNodes().contains(node));
      }

      @Override
      public void nodeLeft(String node) {
        note(node, !cluster.getNodes().contains(node));
      }

      private void note(String node, boolean right) {
        seen.add(node);
        if (!right) {
          wrong.add(node);
        }
      }
    });
    for (int i = 0; i < 3; i++) {
      Nodes.get(nodes.start().close());
    }
    await().atMost(30, SECONDS).until(() -> seen.size() == 6);
    assertThat(wrong).isEmpty();
  }

  @Test
  void a_history_that_was_trimmed_away_is_made_up_for_by_a_snapshot() throws Exception {
    var one = nodes.start();
    var other = nodes.start();
    nodes.listen(one, "before");
    nodes.redis(Request.cmd(Command.XTRIM).arg(nodes.key("log")).arg("MAXLEN").arg(0));
    nodes.listen(one, "after");
    assertThat(nodes.ask(other, "before")).isEqualTo("hi");
    assertThat(nodes.ask(other, "after")).isEqualTo("hi");
    await().atMost(30, SECONDS).until(() -> nodes.ids(other).size() == 2);
  }

  @Test
  void an_entry_of_a_map_ends_when_its_time_is_over() throws Exception {
    AsyncMap<String, String> map = Nodes.get(nodes.start().sharedData().getAsyncMap("m"));
    Nodes.get(map.put("short", "v", 200));
    Nodes.get(map.put("long", "v"));
    await().atMost(20, SECONDS).until(() -> Nodes.get(map.get("short")) == null);
    assertThat(Nodes.get(map.keys())).containsExactly("long");
  }

  @Test
  void what_is_not_trusted_is_not_read_back() throws Exception {
    AsyncMap<String, Object> map = Nodes.get(nodes.start().sharedData().getAsyncMap("m"));
    Nodes.get(map.put("k", java.time.Instant.EPOCH));
    assertThatThrownBy(() -> Nodes.get(map.get("k"))).hasStackTraceContaining("filter");
  }

  private static List<String> told(Vertx vertx) {
    var told = new CopyOnWriteArrayList<String>();
    ((VertxInternal) vertx).clusterManager().nodeListener(new NodeListener() {
      @Override
      public void nodeAdded(String node) {
        told.add("+" + node);
      }

      @Override
      public void nodeLeft(String node) {
        told.add("-" + node);
      }
    });
    return told;
  }
}
