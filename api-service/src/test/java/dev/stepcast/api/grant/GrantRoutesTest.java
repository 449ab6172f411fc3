package dev.stepcast.api.grant;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stepcast.api.ApiConfig;
import dev.stepcast.api.ApiService;
import dev.stepcast.platform.Platform;
import dev.stepcast.platform.channel.ChannelName;
import dev.stepcast.platform.config.CommonConfig;
import dev.stepcast.platform.config.Env;
import dev.stepcast.platform.revocation.Revocations;
import dev.stepcast.platform.service.ServiceHost;
import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GrantRoutesTest {
  @Test
  void a_right_is_taken_back_and_who_does_not_say_whose_is_told() throws Exception {
    var env = new Env(Map.of("REDIS_URL", TestRedis.url(), "KEY_PREFIX", TestRedis.prefix(),
        "PORT", "0"));
    var platform = get(Platform.open(Vertx.vertx(), CommonConfig.from(env)));
    var host = get(new ServiceHost(platform,
        List.of(new ApiService(platform, ApiConfig.from(env)))).start());
    try (var client = HttpClient.newHttpClient()) {
      assertThat(delete(client, host, "subject=u&channel=order-7").statusCode()).isEqualTo(204);
      assertThat(get(new Revocations(platform.redis(), platform.keys())
          .of(new ChannelName("order-7")))).containsExactly("u");
      assertThat(delete(client, host, "subject=u").body()).contains("400", "channel:");
      assertThat(delete(client, host, "subject=u&channel=order-*").body()).contains("no pattern");
      assertThat(delete(client, host, "channel=order-7").body()).contains("400", "subject:");
    } finally {
      get(host.stop());
    }
  }

  private static HttpResponse<String> delete(HttpClient client, ServiceHost host, String query)
      throws Exception {
    return client.send(HttpRequest.newBuilder(URI.create(
        "http://127.0.0.1:" + host.port() + "/api/grants?" + query)).DELETE().build(),
        BodyHandlers.ofString());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, SECONDS);
  }
}
