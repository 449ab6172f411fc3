package dev.stepcast.standalone.system;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** One SSE stream and every frame that came on it, in order. */
final class EventStream implements AutoCloseable {
  private static final Duration WITHIN = Duration.ofSeconds(60);

  private final List<JsonObject> frames = new CopyOnWriteArrayList<>();
  private final CompletableFuture<HttpResponse<Stream<String>>> opened;
  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private volatile Stream<String> lines = Stream.empty();

  private EventStream(String url, String cookie) {
    this.opened = Http.client().sendAsync(
        HttpRequest.newBuilder(URI.create(url)).header("Cookie", cookie)
            .header("Accept", "text/event-stream").build(),
        BodyHandlers.ofLines());
    Thread.ofVirtual().start(() -> {
      lines = opened.join().body();
      read();
    });
  }

  /** Opens {@code /api/realtime?<query>} at {@code base}. */
  static EventStream open(String base, String query) {
    return as("", base, query);
  }

  /** The same for somebody whose browser sends {@code cookie}. */
  static EventStream as(String cookie, String base, String query) {
    return new EventStream(base + "/api/realtime?" + query, cookie);
  }

  /** A run's whole story from its first event on. */
  static EventStream ofRun(String base, String run) {
    return open(base, "channel=" + run + "&last_ack_" + run + "=0");
  }

  private void read() {
    try {
      lines.filter(line -> line.startsWith("data: ")).map(line -> line.substring(6))
          .forEach(json -> frames.add(new JsonObject(json)));
    } catch (RuntimeException _) {
      // The stream was cut, by us or by what the test does: what came stays.
    }
    over.complete(null);
  }

  /** Waits for the answer's status. */
  int status() {
    return opened.orTimeout(WITHIN.toSeconds(), TimeUnit.SECONDS).join()
        .statusCode();
  }

  /** Waits until the server ends it. */
  void awaitEnd() {
    over.orTimeout(WITHIN.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** Everything with an id so far. */
  List<JsonObject> events() {
    return frames.stream().filter(frame -> frame.containsKey("id")).toList();
  }

  /** The names of the events so far, those of {@code prefix} only. */
  List<String> names(String prefix) {
    return events().stream().map(frame -> frame.getString("event"))
        .filter(name -> name.startsWith(prefix)).toList();
  }

  /** Waits until a frame fits, and answers it. */
  JsonObject await(Predicate<JsonObject> fits) {
    awaitThat(() -> frames.stream().anyMatch(fits));
    return frames.stream().filter(fits).findFirst().orElseThrow();
  }

  /** Waits for the first event so named. */
  JsonObject awaitEvent(String name) {
    return await(frame -> name.equals(frame.getString("event")));
  }

  private void awaitThat(Callable<Boolean> condition) {
    Awaitility.await().atMost(WITHIN).pollInterval(Duration.ofMillis(20)).until(condition);
  }

  @Override
  public void close() {
    lines.close();
    opened.cancel(true);
  }
}
