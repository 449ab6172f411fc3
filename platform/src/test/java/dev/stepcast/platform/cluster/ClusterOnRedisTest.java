package dev.stepcast.platform.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ClusterOnRedisTest {
  private final ClusterOptions options = ClusterOptions.of(TestRedis.url(),
      new Keys(TestRedis.prefix(), 16));

  @Test
  void a_node_finds_what_another_one_listens_to() throws Exception {
    var one = node();
    var other = node();
    get(one.eventBus().<String>consumer("echo", message -> message.reply(message.body()))
        .completion());
    assertThat(get(other.eventBus().<String>request("echo", "hi")).body()).isEqualTo("hi");
    get(one.close());
    get(other.close());
  }

  private Vertx node() throws Exception {
    return get(Vertx.builder()
        .with(new VertxOptions().setEventBusOptions(options.bus("127.0.0.1", 0)))
        .withClusterManager(new ClusterOnRedis(options)).buildClustered());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
  }
}
