package dev.stepcast.standalone.system;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers each path's first call with a date after which to come again. */
final class BusyEndpoint implements AutoCloseable {
  private static final int BUSY_S = 3;

  private final HttpServer server;
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final Map<String, Long> busyUntil = new ConcurrentHashMap<>();

  /**
   * One that came.
   *
   * @param at        when, ms since the epoch
   * @param notBefore which it was not to come before
   * @param signedAt  when its signature says that it was made, s since the epoch
   */
  record Call(long at, long notBefore, long signedAt) {}

  BusyEndpoint() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void start() {
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Those so far. */
  List<Call> calls() {
    return List.copyOf(calls);
  }

  private void answer(HttpExchange exchange) throws IOException {
    var now = Instant.now();
    var path = exchange.getRequestURI().getPath();
    var until = busyUntil.get(path);
    calls.add(new Call(now.toEpochMilli(), until == null ? 0 : until,
        signedAt(exchange.getRequestHeaders().getFirst("Upstash-Signature"))));
    if (until == null) {
      var then = now.plusSeconds(BUSY_S).truncatedTo(ChronoUnit.SECONDS);
      busyUntil.put(path, then.toEpochMilli());
      exchange.getResponseHeaders().add("Retry-After",
          DateTimeFormatter.RFC_1123_DATE_TIME.format(then.atOffset(ZoneOffset.UTC)));
    }
    exchange.getRequestBody().readAllBytes();
    exchange.sendResponseHeaders(until == null ? 503 : 200, -1);
    exchange.close();
  }

  private static long signedAt(String jwt) {
    return new JsonObject(new String(Base64.getUrlDecoder().decode(jwt.split("\\.", 3)[1]),
        StandardCharsets.UTF_8)).getLong("iat");
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
