package dev.stepcast.realtime.transport;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.stepcast.platform.grant.Grant;
import dev.stepcast.platform.testing.TestRedis;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What CHANNELS_CONFIG says about publishing. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PoliciesTest {
  @Test
  void who_publishes_too_often_is_refused_frame_by_frame(@TempDir Path folder)
      throws IOException {
    try (var node = start(folder, """
      {"channels": [
        {"pattern": "talk-*", "access": "grant", "rates": {"subjectPerMinute": 8}}]}""");
        var ada = SocketClient.open(node.port(), "/api/realtime", Map.of());
        var bob = SocketClient.open(node.port(), "/api/realtime", Map.of())) {
      enter(node, ada, "ada");
      enter(node, bob, "bob");
      for (int i = 0; i < 4; i++) {
        ada.send(publish().put("ref", "" + i));
      }
      await().atMost(20, SECONDS).until(
          () -> ada.told("published").size() + ada.told("problem").size() == 4);
      assertThat(ada.told("published")).hasSize(2);
      var problem = ada.told("problem").getLast();
      assertThat(problem.getString("ref")).isEqualTo("3");
      assertThat(problem.getJsonObject("problem").getString("kind"))
          .isEqualTo("too-many-requests");
      assertThat(problem.getJsonObject("problem").getLong("retryAfterMs")).isPositive();
      bob.send(publish().put("ref", "b").put("key", "k"));
      bob.send(publish().put("ref", "again").put("key", "k"));
      await().atMost(20, SECONDS).until(() -> bob.told("published").size() == 2);
      assertThat(bob.told("published").getFirst().getString("id"))
          .isEqualTo(bob.told("published").getLast().getString("id"));
      await().atMost(20, SECONDS).until(() -> ada.events().size() == 3);
      assertThat(ada.ended()).isFalse();
    }
  }

  @Test
  void a_mistake_in_the_file_stops_the_start_and_is_named(@TempDir Path folder) {
    assertThatThrownBy(() -> start(folder, "{\"channels\":[{\"pattern\":\"a\"}]}").close())
        .hasStackTraceContaining("CHANNELS_CONFIG=").hasStackTraceContaining("/channels/0");
  }

  private static RunningNode start(Path folder, String policies) throws IOException {
    var file = Files.writeString(folder.resolve("channels.json"), policies);
    return RunningNode.start(Map.of("REDIS_URL", TestRedis.url(), "KEY_PREFIX",
        TestRedis.prefix(), "CHANNELS_CONFIG", file.toString()));
  }

  private static void enter(RunningNode node, SocketClient client, String subject) {
    var grant = node.platform().grants().sign(new Grant(subject, "g1",
        Instant.now().plusSeconds(600), Map.of("talk-*", "sp")));
    client.send(new JsonObject().put("type", "subscribe")
        .put("channels", new JsonArray().add("talk-1")).put("grant", grant));
    await().atMost(20, SECONDS).until(() -> client.told("connected").size() == 1);
  }

  private static JsonObject publish() {
    return new JsonObject().put("type", "publish").put("channel", "talk-1").put("event", "note")
        .put("data", new JsonObject().put("text", "hello"));
  }
}
