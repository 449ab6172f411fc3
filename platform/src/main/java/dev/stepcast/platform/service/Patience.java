package dev.stepcast.platform.service;

import dev.stepcast.platform.http.HttpDoor;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;

/**
 * How long one event loop waits for clients that send slowly on purpose: a connection must bring
 * its first request soon and further ones before it has been idle for long, and a body must be
 * there in time. Answers may take as long as they like: streams are answers.
 */
final class Patience implements Handler<HttpServerRequest> {
  private final Limits limits;
  private final Handler<HttpServerRequest> then;
  /** Connections without a request under way, to when they are given up. */
  private final IdentityHashMap<HttpConnection, Long> idle = new IdentityHashMap<>();
  /** The request that each other connection is about, the last one where several were sent. */
  private final IdentityHashMap<HttpConnection, HttpServerRequest> busy = new IdentityHashMap<>();
  private final IdentityHashMap<HttpServerRequest, Long> reading = new IdentityHashMap<>();

  /**
   * What is waited for.
   *
   * @param first from connecting to the end of the first request's headers
   * @param next  from an answer's end to the end of the next request's headers
   * @param body  from the end of a request's headers to its own
   * @param every how often it is looked at
   */
  record Limits(Duration first, Duration next, Duration body, Duration every) {
    static final Limits DEFAULT = new Limits(Duration.ofSeconds(10), Duration.ofSeconds(75),
        Duration.ofSeconds(30), Duration.ofSeconds(1));
  }

  Patience(Vertx vertx, Limits limits, Handler<HttpServerRequest> then) {
    this.limits = limits;
    this.then = then;
    vertx.setPeriodic(limits.every.toMillis(), _ -> look());
  }

  /** A client has connected; a server that waits for an h2c preface tells that too late. */
  void connected(HttpConnection connection) {
    idle.put(connection, in(limits.first));
    connection.closeHandler(_ -> {
      idle.remove(connection);
      busy.remove(connection);
    });
  }

  @Override
  public void handle(HttpServerRequest request) {
    var connection = request.connection();
    idle.remove(connection);
    if (request.headers().contains(HttpHeaders.UPGRADE)) {
      then.handle(request); // what it becomes has rules of its own
      return;
    }
    busy.put(connection, request);
    if (request.headers().contains(HttpHeaders.CONTENT_LENGTH)
        || request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
      reading.put(request, in(limits.body));
      request.end().onComplete(_ -> reading.remove(request));
    }
    request.response().endHandler(_ -> {
      reading.remove(request);
      if (busy.remove(connection, request)) {
        idle.put(connection, in(limits.next));
      }
    });
    then.handle(request);
  }

  private void look() {
    long now = System.nanoTime();
    for (var waiting : new ArrayList<>(idle.entrySet())) {
      if (now - waiting.getValue() > 0) {
        idle.remove(waiting.getKey());
        waiting.getKey().close();
      }
    }
    for (var waiting : new ArrayList<>(reading.entrySet())) {
      if (now - waiting.getValue() > 0) {
        reading.remove(waiting.getKey());
        HttpDoor.refuseSlow(waiting.getKey());
      }
    }
  }

  private static long in(Duration duration) {
    return System.nanoTime() + duration.toNanos();
  }
}
