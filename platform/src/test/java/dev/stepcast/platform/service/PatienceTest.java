package dev.stepcast.platform.service;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** A server that waits half a second for whatever a client owes. */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class PatienceTest {
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final String GET = "GET / HTTP/1.1\r\nHost: localhost\r\n";

  private final Vertx vertx = Vertx.vertx();
  private final NetClient sockets = vertx.createNetClient();
  private int port;

  @BeforeAll
  void listen() throws Exception {
    var listening = Future.<HttpServer>future(promise -> vertx.runOnContext(_ -> {
      var patience = new Patience(vertx,
          new Patience.Limits(SHORT, SHORT, SHORT, Duration.ofMillis(50)), request -> {
            if (request.path().equals("/stream")) {
              request.response().setChunked(true).write("on and on\n");
            } else if (request.path().equals("/body")) {
              request.body().onSuccess(body -> request.response().end("got " + body.length()));
            } else {
              request.response().end("hello\n");
            }
          });
      var options = new HttpServerOptions().setHttp2ClearTextEnabled(false);
      vertx.createHttpServer(options).requestHandler(patience)
          .connectionHandler(patience::connected)
          .listen(0, "127.0.0.1").onComplete(promise);
    }));
    port = get(listening).actualPort();
  }

  @AfterAll
  void close() throws Exception {
    get(vertx.close());
  }

  @Test
  void who_never_ends_the_headers_is_closed() throws Exception {
    var silent = connect("");
    var slow = connect(GET + "X-a: ");
    long drips = vertx.setPeriodic(20, _ -> slow.socket.write("b"));
    await().atMost(20, SECONDS).until(() -> silent.closed && slow.closed);
    vertx.cancelTimer(drips);
    assertThat(slow.heard()).isEmpty();
  }

  @Test
  void who_sends_half_a_body_is_told_and_closed() throws Exception {
    var slow = connect("POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nab");
    await().atMost(20, SECONDS).until(() -> slow.closed);
    assertThat(slow.heard()).contains("408").contains("body-too-slow");
    var fine = connect("POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nab");
    await().atMost(20, SECONDS).until(() -> fine.heard().contains("got 2"));
  }

  @Test
  void who_is_idle_after_an_answer_is_closed() throws Exception {
    var idle = connect(GET + "\r\n");
    await().atMost(20, SECONDS).until(() -> idle.closed);
    assertThat(idle.heard()).contains("hello");
  }

  @Test
  void who_listens_to_a_stream_is_left_alone() throws Exception {
    var listener = connect("GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await().atMost(20, SECONDS).until(() -> listener.heard().contains("on and on"));
    var idle = connect("");
    await().atMost(20, SECONDS).until(() -> idle.closed);
    assertThat(listener.closed).isFalse();
  }

  private Raw connect(String text) throws Exception {
    return get(sockets.connect(port, "127.0.0.1").map(socket -> new Raw(socket, text)));
  }

  private static final class Raw {
    private final NetSocket socket;
    private final List<String> chunks = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    Raw(NetSocket socket, String text) {
      this.socket = socket;
      socket.handler(bytes -> chunks.add(bytes.toString()));
      socket.closeHandler(_ -> closed = true);
      socket.write(text);
    }

    String heard() {
      return String.join("", chunks);
    }
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
  }
}
