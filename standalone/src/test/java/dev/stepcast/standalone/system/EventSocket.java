package dev.stepcast.standalone.system;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** One WebSocket to {@code /api/realtime} and every frame that came on it, in order. */
final class EventSocket implements AutoCloseable {
  private static final Duration WITHIN = Duration.ofSeconds(60);

  private final List<JsonObject> frames = new CopyOnWriteArrayList<>();
  private final WebSocket socket;

  private EventSocket(String url) {
    this.socket = Http.client().newWebSocketBuilder()
        .buildAsync(URI.create(url.replaceFirst("^http", "ws")), new Reader()).join();
  }

  /** Texts may come in parts; each holds one frame or more, separated by line feeds. */
  private final class Reader implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        text.toString().lines().forEach(line -> frames.add(new JsonObject(line)));
        text.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedFuture(null);
    }
  }

  /** A run's whole story from its first event on. */
  static EventSocket ofRun(String base, String run) {
    return new EventSocket(base + "/api/realtime?channel=" + run + "&last_ack_" + run + "=0");
  }

  /** Everything with an id so far. */
  List<JsonObject> events() {
    return frames.stream().filter(frame -> frame.containsKey("id")).toList();
  }

  /** Waits for the first event so named. */
  void awaitEvent(String name) {
    Awaitility.await().atMost(WITHIN)
        .until(() -> frames.stream().anyMatch(frame -> name.equals(frame.getString("event"))));
  }

  @Override
  public void close() {
    socket.abort();
  }
}
