package dev.stepcast.platform.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.Vertx;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Nodes that are killed and paused as only processes can be. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ProcessesTest {
  private final Nodes nodes = new Nodes(TestRedis.url());

  @AfterEach
  void leave() throws Exception {
    nodes.close();
  }

  @Test
  void a_killed_node_and_all_it_listened_to_are_gone_even_if_nobody_asks_for_it() throws Exception {
    var here = nodes.start();
    var child = ChildNode.start(TestRedis.url(), nodes.prefix());
    await().atMost(30, SECONDS).until(() -> nodes.ids(here).size() == 2);
    child.kill();
    await().atMost(30, SECONDS).until(() -> nodes.ids(here).size() == 1);
    assertThat(answered(here)).isFalse();
    assertThat(nodes.count("regs")).isZero();
  }

  @Test
  void nothing_is_sent_to_a_killed_node_for_longer_than_it_takes_to_notice() throws Exception {
    var here = nodes.start();
    nodes.listen(here, "echo");
    var child = ChildNode.start(TestRedis.url(), nodes.prefix());
    await().atMost(30, SECONDS).until(() -> nodes.ids(here).size() == 2);
    child.kill();
    await().atMost(30, SECONDS).until(() -> IntStream.range(0, 4).allMatch(_ -> answered(here)));
  }

  @Test
  void a_node_paused_past_its_lease_is_given_up_and_comes_back() throws Exception {
    var here = nodes.start();
    var child = ChildNode.start(TestRedis.url(), nodes.prefix());
    await().atMost(30, SECONDS).until(() -> answered(here));
    child.pause();
    await().atMost(30, SECONDS).until(() -> nodes.ids(here).size() == 1);
    assertThat(answered(here)).isFalse();
    child.resume();
    await().atMost(30, SECONDS).until(() -> answered(here));
    await().atMost(30, SECONDS).until(() -> nodes.ids(here).size() == 2);
    child.kill();
  }

  private boolean answered(Vertx here) {
    try {
      return nodes.ask(here, "echo", 3_000).equals("hi");
    } catch (Exception e) {
      return false;
    }
  }
}
