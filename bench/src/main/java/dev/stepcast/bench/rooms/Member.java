package dev.stepcast.bench.rooms;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.function.Consumer;

/** Somebody with a seat in a room and a WebSocket to its channel. */
record Member(String room, String cookie, HttpClient http) {

  /** How the service is reached. */
  record Ways(URI base, HttpClient http, WebSocketClient sockets) {}

  /** Opens a room of {@code seats}; its id. */
  static Future<String> open(Ways ways, int seats) {
    return ask(ways.http, "/api/rooms", "", "{\"seats\":" + seats + ",\"ttlMs\":3600000}")
        .map(answer -> answer.body.getString("roomId"));
  }

  /**
   * Takes a seat and listens.
   *
   * @param heard is told the client id of each message, as it comes
   */
  static Future<Member> join(Ways ways, String room, Consumer<String> heard) {
    return ask(ways.http, "/api/rooms/" + room + "/join", "", "{}").compose(answer -> {
      var member = new Member(room, answer.cookie, ways.http);
      var options = new WebSocketConnectOptions().setHost(ways.base.getHost())
          .setPort(ways.base.getPort()).setURI("/api/realtime?channel=" + room)
          .putHeader("Cookie", answer.cookie);
      return ways.sockets.connect(options).map(socket -> {
        socket.textMessageHandler(text -> text.lines().forEach(line -> {
          int at = line.indexOf("\"clientId\":\"");
          if (at >= 0 && line.contains("chat.message")) {
            heard.accept(line.substring(at + 12, line.indexOf('"', at + 12)));
          }
        }));
        return member;
      });
    });
  }

  /** Posts a message of some hundred bytes under {@code clientId}. */
  Future<Void> post(String clientId) {
    return ask(http, "/api/rooms/" + room + "/messages", cookie,
        "{\"clientId\":\"" + clientId + "\",\"text\":\"" + "a word or two ".repeat(8) + "\"}")
        .mapEmpty();
  }

  /** What came back. */
  private record Answer(JsonObject body, String cookie) {}

  private static Future<Answer> ask(HttpClient http, String path, String cookie, String body) {
    return http.request(HttpMethod.POST, path)
        .compose(request -> request.putHeader("Content-Type", "application/json")
            .putHeader("Cookie", cookie).send(Buffer.buffer(body)))
        .compose(response -> response.body().map(bytes -> {
          if (response.statusCode() >= 300) {
            throw new IllegalStateException(response.statusCode() + " " + bytes);
          }
          var set = response.cookies();
          return new Answer(new JsonObject(bytes),
              set.isEmpty() ? "" : set.getFirst().split(";", 2)[0]);
        }));
  }
}
