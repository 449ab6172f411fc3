package dev.stepcast.realtime.transport;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads an event stream as a browser does: {@code id:} lines are kept, {@code data:} is told. */
final class SseClient implements Client {
  private static final Vertx VERTX = Vertx.vertx();
  private static final HttpClient HTTP = VERTX.createHttpClient(
      new io.vertx.core.http.HttpClientOptions().setKeepAlive(false),
      new io.vertx.core.http.PoolOptions().setHttp1MaxSize(10_000));

  private final List<JsonObject> frames = new CopyOnWriteArrayList<>();
  private final HttpClientResponse response;
  private final Context context;
  private final StringBuilder partial = new StringBuilder();
  private Buffer rest = Buffer.buffer();
  private String idBuffer = "";
  private volatile String lastId = "";
  private volatile boolean ended;

  /** A whole answer. */
  record Answer(int status, MultiMap headers, String body) {
    JsonObject json() {
      return new JsonObject(body);
    }
  }

  /** On the response's own context: what comes before there is a handler would be lost. */
  private SseClient(HttpClientResponse response) {
    this.response = response;
    this.context = Objects.requireNonNull(Vertx.currentContext());
    response.handler(this::read);
    response.endHandler(_ -> ended = true);
    response.exceptionHandler(_ -> ended = true);
  }

  static final Transport TRANSPORT = new Transport() {
    @Override
    public Client connect(int port, Map<String, String> acks, String resume) {
      var headers = MultiMap.caseInsensitiveMultiMap().add("Accept", "text/event-stream");
      if (!resume.isEmpty()) {
        headers.add("Last-Event-ID", resume);
      }
      return open(port, path(acks), headers);
    }

    @Override
    public String resume(Client client) {
      return ((SseClient) client).lastId;
    }
  };

  static SseClient open(int port, String path, MultiMap headers) {
    return ask(options(HttpMethod.GET, port, path, headers), response -> {
      if (response.statusCode() != 200) {
        throw new AssertionError("answered " + response.statusCode());
      }
      return Future.succeededFuture(new SseClient(response));
    });
  }

  /** The whole answer, of what is no stream. */
  static Answer answer(int port, String path, MultiMap headers) {
    return answer(HttpMethod.GET, port, path, headers);
  }

  static Answer answer(HttpMethod method, int port, String path, MultiMap headers) {
    return ask(options(method, port, path, headers), response -> response.body()
        .map(body -> new Answer(response.statusCode(), response.headers(), body.toString())));
  }

  /** Read on the event loop that brings the head: a later turn may miss the first bytes. */
  private static <T> T ask(RequestOptions options,
      Function<HttpClientResponse, Future<T>> reader) {
    return RunningNode.get(HTTP.request(options)
        .compose(request -> request.send().compose(reader)));
  }

  private static RequestOptions options(HttpMethod method, int port, String path,
      MultiMap headers) {
    return new RequestOptions().setMethod(method).setHost("127.0.0.1").setPort(port)
        .setURI(path).setHeaders(headers);
  }

  static String path(Map<String, String> acks) {
    return "/api/realtime?" + acks.keySet().stream().map(channel -> "channel=" + encoded(channel))
        .collect(Collectors.joining("&"))
        + acks.entrySet().stream().filter(ack -> !ack.getValue().isEmpty())
            .map(ack -> "&last_ack_" + encoded(ack.getKey()) + "=" + encoded(ack.getValue()))
            .collect(Collectors.joining());
  }

  String lastId() {
    return lastId;
  }

  HttpClientResponse response() {
    return response;
  }

  @Override
  public List<JsonObject> frames() {
    return frames;
  }

  @Override
  public boolean ended() {
    return ended;
  }

  @Override
  public void cut() {
    response.request().connection().close();
  }

  @Override
  public void stall(boolean on) {
    context.runOnContext(_ -> {
      if (on) {
        response.pause();
      } else {
        response.resume();
      }
    });
  }

  @Override
  public void close() {
    cut();
  }

  private void read(Buffer chunk) {
    rest.appendBuffer(chunk);
    int from = 0;
    for (int i = 0; i < rest.length(); i++) {
      if (rest.getByte(i) == '\n') {
        line(rest.getString(from, i));
        from = i + 1;
      }
    }
    rest = rest.getBuffer(from, rest.length());
  }

  private void line(String line) {
    if (line.startsWith("id: ")) {
      idBuffer = line.substring(4);
    } else if (line.startsWith("data: ")) {
      partial.append(line, 6, line.length());
    } else if (line.isEmpty()) {
      lastId = idBuffer; // not before: an event that is cut off is not counted
      dispatch();
    }
  }

  private void dispatch() {
    if (!partial.isEmpty()) {
      frames.add(new JsonObject(partial.toString()));
      partial.setLength(0);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
