package dev.stepcast.standalone.system;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Plain HTTP, as curl would. */
public final class Http {
  private static final HttpClient CLIENT = HttpClient.newBuilder()
      .version(HttpClient.Version.HTTP_1_1).build();
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

  private Http() {}

  /** The client, for streams. */
  static HttpClient client() {
    return CLIENT;
  }

  /** A request to build on. */
  public static HttpRequest.Builder to(String url) {
    return HttpRequest.newBuilder(URI.create(url)).timeout(ANSWER_WITHIN);
  }

  /** GET. */
  public static HttpResponse<String> get(String url) {
    return send(to(url).GET());
  }

  /** POST of JSON. */
  public static HttpResponse<String> post(String url, String json) {
    return send(to(url).header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(json)));
  }

  /** Any other method without a body. */
  public static HttpResponse<String> method(String method, String url) {
    return send(to(url).method(method, BodyPublishers.noBody()));
  }

  /** Sends what was built. */
  public static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The answer's body as an object. */
  public static JsonObject json(HttpResponse<String> response) {
    return new JsonObject(response.body());
  }
}
