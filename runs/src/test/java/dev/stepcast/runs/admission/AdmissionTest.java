package dev.stepcast.runs.admission;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.keys.Keys;
import dev.stepcast.platform.problem.Problem;
import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.runs.admission.Admission.Bounds;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AdmissionTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final RedisLink REDIS = RedisLink.open(VERTX, TestRedis.url(), 1);

  private final Keys keys = new Keys(TestRedis.prefix(), 2);

  @BeforeAll
  static void connect() {
    await().atMost(20, SECONDS).until(REDIS::up);
  }

  @AfterAll
  static void close() throws Exception {
    get(REDIS.close().eventually(VERTX::close));
  }

  @Test
  void nothing_new_is_accepted_while_too_much_waits_for_workers() throws Exception {
    var admission = new Admission(VERTX, REDIS, keys, new Bounds(1, 0));
    due(0, "a", "5");
    due(0, "asleep", "inf");
    assertThat(refused(admission)).isEmpty();
    due(1, "b", "5");
    assertThat(refused(admission)).hasValueSatisfying(problem -> {
      assertThat(problem.kind()).isEqualTo("queue-full");
      assertThat(problem.status()).isEqualTo(503);
      assertThat(problem.extra()).containsKey("retryAfterMs");
    });
    get(REDIS.send("", Request.cmd(Command.DEL).arg(keys.slot(1).key("due", "java"))));
    assertThat(refused(admission)).isEmpty();
  }

  @Test
  void nor_while_redis_is_nearly_full() throws Exception {
    var admission = new Admission(VERTX, REDIS, keys, new Bounds(10, 1));
    assertThat(refused(admission)).map(Problem::kind).contains("memory-nearly-full");
  }

  private void due(int partition, String run, String at) throws Exception {
    var due = keys.slot(partition).key("due", "java");
    get(REDIS.send(due, Request.cmd(Command.ZADD).arg(due).arg(at).arg(run)));
  }

  private static Optional<Problem> refused(Admission admission) throws Exception {
    get(admission.look());
    return admission.refusal();
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
  }
}
