package dev.stepcast.standalone.dropin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stepcast.api.ApiConfig;
import dev.stepcast.api.ApiService;
import dev.stepcast.platform.Platform;
import dev.stepcast.platform.config.CommonConfig;
import dev.stepcast.platform.config.Env;
import dev.stepcast.platform.service.ServiceHost;
import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each file of {@code dropin/tests} passes against services of this build on real Redis. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class UnmodifiedProgramsTest {
  private static final String TOKEN = "a token for tests";
  private static final Duration WITHIN = Duration.ofMinutes(3);
  private static ServiceHost host;

  @BeforeAll
  static void start() throws Exception {
    Node.install();
    var env = new Env(Map.of("PORT", "0", "REDIS_URL", TestRedis.url(), "KEY_PREFIX",
        TestRedis.prefix(), "REDIS_REST_TOKEN", TOKEN));
    var api = ApiConfig.from(env);
    host = Platform.open(Vertx.vertx(), CommonConfig.from(env))
        .map(platform -> new ServiceHost(platform, List.of(new ApiService(platform, api))))
        .compose(ServiceHost::start).await(1, TimeUnit.MINUTES);
  }

  @AfterAll
  static void stop() throws Exception {
    host.stop().await(1, TimeUnit.MINUTES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"redis", "realtime"})
  void pass_against_stepcast(String program) throws IOException, InterruptedException {
    var outcome = Node.test(program,
        Map.of("STEPCAST_URL", "http://127.0.0.1:" + host.port(), "REDIS_REST_TOKEN", TOKEN),
        WITHIN);
    assertThat(outcome.status()).as(outcome.output()).isZero();
  }
}
