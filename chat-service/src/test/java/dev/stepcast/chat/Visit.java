package dev.stepcast.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Somebody at a browser: keeps the cookies they are given, and sends them back. */
final class Visit {
  final Map<String, String> cookies = new ConcurrentHashMap<>();
  private final Vertx vertx;
  private final HttpClient client;

  /** What came back. */
  record Reply(int status, MultiMap headers, String body) {
    Reply expect(int wanted) {
      assertThat(status).as(body).isEqualTo(wanted);
      return this;
    }

    Reply expect(int wanted, String kind) {
      expect(wanted);
      assertThat(headers.get("content-type")).isEqualTo("application/problem+json");
      assertThat(text("kind")).isEqualTo(kind);
      return this;
    }

    JsonObject json() {
      return new JsonObject(body);
    }

    String text(String member) {
      return json().getString(member);
    }

    long number(String member) {
      return json().getLong(member);
    }
  }

  Visit(Vertx vertx, HttpClient client) {
    this.vertx = vertx;
    this.client = client;
  }

  Reply get(String path) {
    return House.get(send(HttpMethod.GET, path, null, Map.of()));
  }

  Reply post(String path, String body) {
    return House.get(posting(path, body));
  }

  Reply patch(String path, String body) {
    return House.get(send(HttpMethod.PATCH, path, body, Map.of()));
  }

  Reply delete(String path) {
    return House.get(send(HttpMethod.DELETE, path, null, Map.of()));
  }

  Reply say(String room, String text) {
    return post("/api/rooms/" + room + "/messages", new JsonObject().put("text", text).encode());
  }

  Future<Reply> posting(String path, String body) {
    return send(HttpMethod.POST, path, body, Map.of());
  }

  Future<Reply> send(HttpMethod method, String path, @Nullable String body,
      Map<String, String> headers) {
    // On an event loop from the start: off it, the body may be over before it is asked for.
    return Future.future(sent -> vertx.runOnContext(
        _ -> exchange(method, path, body, headers).onComplete(sent)));
  }

  private Future<Reply> exchange(HttpMethod method, String path, @Nullable String body,
      Map<String, String> headers) {
    return client.request(method, path).compose(request -> {
      if (body != null) {
        request.putHeader("Content-Type", "application/json");
      }
      if (!cookies.isEmpty()) {
        request.putHeader("Cookie", cookies.entrySet().stream()
            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
            .collect(Collectors.joining("; ")));
      }
      headers.forEach(request::putHeader);
      return body == null ? request.send() : request.send(Buffer.buffer(body));
    }).compose(this::reply);
  }

  private Future<Reply> reply(HttpClientResponse response) {
    for (var cookie : response.cookies()) {
      var value = cookie.substring(cookie.indexOf('=') + 1).split(";", 2)[0];
      if (value.isEmpty()) {
        cookies.remove(cookie.substring(0, cookie.indexOf('=')));
      } else {
        cookies.put(cookie.substring(0, cookie.indexOf('=')), value);
      }
    }
    return response.body()
        .map(body -> new Reply(response.statusCode(), response.headers(), body.toString()));
  }
}
