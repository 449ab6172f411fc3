package dev.stepcast.platform.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.testing.RedisCluster;
import dev.stepcast.platform.testing.RedisSentinel;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The bus on Sentinel and on Redis Cluster, whose master dies, and whose slot moves. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class FailoverTest {
  private Nodes nodes = new Nodes("redis://localhost");

  @AfterEach
  void close() throws Exception {
    nodes.close();
  }

  @Test
  void a_replica_takes_over_and_nobody_is_lost() throws Throwable {
    try (var group = RedisSentinel.start(3)) {
      nodes = new Nodes(group.url());
      goesOnThrough(() -> {
        group.awaitReplica();
        group.killMaster();
      }, group::awaitTakeOver);
      nodes.close();
      nodes = new Nodes("redis://localhost");
    }
  }

  @Test
  void a_slot_moves_its_master_dies_and_nobody_is_lost() throws Throwable {
    try (var cluster = RedisCluster.start(3, 1)) {
      nodes = new Nodes(cluster.url());
      int slot = cluster.slot(nodes.key("nodes"));
      int first = cluster.owner(slot);
      int second = (first + 1) % 3;
      goesOnThrough(() -> cluster.move(slot, first, second), () -> {});
      nodes.close();
      nodes = new Nodes(cluster.url());
      int owner = cluster.owner(cluster.slot(nodes.key("nodes")));
      goesOnThrough(() -> cluster.kill(owner), () -> cluster.awaitTakeOver(owner));
      nodes.close();
      nodes = new Nodes("redis://localhost");
    }
  }

  private void goesOnThrough(Executable trouble, Runnable over) throws Throwable {
    var one = nodes.start();
    var other = nodes.start();
    nodes.listen(one, "before");
    assertThat(nodes.ask(other, "before")).isEqualTo("hi");
    trouble.execute();
    assertThat(nodes.ask(other, "before")).isEqualTo("hi");
    var late = one.eventBus().<String>consumer("late", message -> message.reply(message.body()));
    over.run();
    Nodes.get(late.completion());
    answered(other, "late");
    var third = nodes.start();
    answered(third, "before");
    answered(third, "late");
    await().atMost(60, SECONDS).until(() -> nodes.ids(one).size() == 3
        && nodes.ids(other).equals(nodes.ids(one)) && nodes.ids(third).equals(nodes.ids(one)));
    Nodes.get(third.sharedData().getLockWithTimeout("door", 25_000)).release();
  }

  private void answered(Vertx node, String address) {
    await().atMost(60, SECONDS).ignoreExceptions()
        .until(() -> nodes.ask(node, address, 3_000).equals("hi"));
  }
}
