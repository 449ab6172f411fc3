package dev.stepcast.runs.endpoint;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.fail;

import dev.stepcast.platform.redis.RedisLink;
import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Replay one seed with {@code -Dseed=…}; {@code -Dsoak=true} tries many more. */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class EndpointSimulationTest {
  private static final long SEEDS = Boolean.getBoolean("soak") ? 10_000 : 30;
  private static final int FSCK_EVERY = 30;

  private final Vertx vertx = Vertx.vertx();
  private final RedisLink redis = RedisLink.open(vertx, TestRedis.url(), 2);

  @BeforeAll
  void connect() {
    await().atMost(20, SECONDS).until(redis::up);
  }

  @AfterAll
  void close() throws Exception {
    EndpointPlace.get(redis.close().eventually(vertx::close));
  }

  @Test
  void runs_of_endpoints_keep_every_promise_whatever_goes_wrong() throws Exception {
    var only = Long.getLong("seed");
    for (long seed = only == null ? 0 : only; seed < (only == null ? SEEDS : only + 1); seed++) {
      var world = new EndpointWorld(redis, seed);
      try {
        world.run();
        if (only != null || seed % FSCK_EVERY == 0) {
          world.checked(vertx);
        }
      } catch (AssertionError e) {
        fail("seed " + seed + ", replay it with -Dseed=" + seed + ": " + e.getMessage() + "\n"
            + world, e);
      }
    }
  }
}
