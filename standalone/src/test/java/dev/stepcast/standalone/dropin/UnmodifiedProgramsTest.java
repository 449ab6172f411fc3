package dev.stepcast.standalone.dropin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stepcast.api.ApiConfig;
import dev.stepcast.api.ApiService;
import dev.stepcast.platform.Platform;
import dev.stepcast.platform.config.CommonConfig;
import dev.stepcast.platform.config.Env;
import dev.stepcast.platform.service.ServiceHost;
import dev.stepcast.platform.testing.TestRedis;
import dev.stepcast.realtime.RealtimeConfig;
import dev.stepcast.realtime.RealtimeService;
import dev.stepcast.workflow.WorkflowConfig;
import dev.stepcast.workflow.WorkflowService;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each file of {@code dropin/tests} passes against services of this build on real Redis. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class UnmodifiedProgramsTest {
  private static final String TOKEN = "a token for tests";
  /** Base64 of JSON with a UserID, as the package wants it for webhooks. */
  private static final String QSTASH_TOKEN = "eyJVc2VySUQiOiJkZWZhdWx0VXNlciIsIlBhc3N3b3JkIjoi"
      + "ZGVmYXVsdFBhc3N3b3JkIn0=";
  private static final Duration WITHIN = Duration.ofMinutes(3);
  private static final String CURRENT_KEY = "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r";
  private static final String NEXT_KEY = "sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs";

  /** One for all programs that want the same of it. */
  private static final Map<String, ServiceHost> HOSTS = new HashMap<>();

  @BeforeAll
  static void install() throws IOException, InterruptedException {
    Node.install();
  }

  private static ServiceHost start(String events) throws Exception {
    var env = new Env(Map.of("PORT", "0", "REDIS_URL", TestRedis.url(), "KEY_PREFIX",
        TestRedis.prefix(), "REDIS_REST_TOKEN", TOKEN, "QSTASH_TOKEN", QSTASH_TOKEN,
        "ENDPOINT_EVENTS", events.equals("program") ? "program" : "engine",
        "PRIVATE_DESTINATIONS", events.equals("refuse") ? "refuse" : "allow"));
    var api = ApiConfig.from(env);
    var workflow = WorkflowConfig.from(env);
    var realtime = RealtimeConfig.from(env);
    return Platform.open(Vertx.vertx(), CommonConfig.from(env))
        .map(platform -> new ServiceHost(platform, List.of(new ApiService(platform, api),
            new RealtimeService(platform, realtime), new WorkflowService(platform, workflow))))
        .compose(ServiceHost::start).await(1, TimeUnit.MINUTES);
  }

  @AfterAll
  static void stop() throws Exception {
    var all = List.copyOf(HOSTS.values());
    HOSTS.clear(); // whoever runs these tests again in this process starts its own
    for (var host : all) {
      host.stop().await(1, TimeUnit.MINUTES);
    }
  }

  @ParameterizedTest
  @CsvSource({"redis, engine", "realtime, engine", "steps, engine", "operate, engine",
      "messages, engine", "lines, engine", "edges, engine", "details, engine", "rooms, engine",
      "keys, engine",
      "guide, program", "refuse, refuse"})
  void pass_against_stepcast(String program, String events) throws Exception {
    var host = HOSTS.get(events);
    if (host == null) {
      host = start(events);
      HOSTS.put(events, host);
    }
    var url = "http://127.0.0.1:" + host.port();
    var outcome = Node.test(program, Map.of("STEPCAST_URL", url, "REDIS_REST_TOKEN", TOKEN,
        "QSTASH_URL", url, "QSTASH_TOKEN", QSTASH_TOKEN, "QSTASH_CURRENT_SIGNING_KEY",
        CURRENT_KEY, "QSTASH_NEXT_SIGNING_KEY", NEXT_KEY), WITHIN);
    assertThat(outcome.status()).as(outcome.output()).isZero();
  }
}
