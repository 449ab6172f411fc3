package dev.stepcast.platform.service;

import dev.stepcast.platform.http.HttpDoor;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One event loop of a process' HTTP server; several share the port. */
final class HttpVerticle extends VerticleBase {
  /** 50 channels with long names fit; more is answered 414. */
  private static final int REQUEST_LINE_MAX = 16 * 1024;
  private static final int HEADERS_MAX = 16 * 1024;
  /** Twice what a service takes, so that it can say so itself. */
  private static final int FRAME_MAX = 128 * 1024;
  private static final int BACKLOG = 4_096;

  private final HttpDoor door;
  private final HttpServerOptions options;
  private final Consumer<Router> mount;
  private @Nullable HttpServer server;

  HttpVerticle(HttpDoor door, String host, int port, Consumer<Router> mount) {
    this.door = door;
    this.mount = mount;
    // To Vert.x a negative port is a free one that all instances of a deployment share.
    this.options = new HttpServerOptions().setHost(host).setPort(port == 0 ? -1 : port)
        .setMaxInitialLineLength(REQUEST_LINE_MAX).setMaxHeaderSize(HEADERS_MAX)
        .setAcceptBacklog(BACKLOG).setHttp2ClearTextEnabled(false).setStrictThreadMode(true)
        .setTcpNoDelay(true).setCompressionSupported(false)
        .setMaxWebSocketFrameSize(FRAME_MAX).setMaxWebSocketMessageSize(FRAME_MAX)
        // a compressed frame may grow without bound
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false)
        .setIdleTimeout(0);
  }

  @Override
  public Future<?> start() {
    var router = door.router(vertx);
    mount.accept(router);
    var patience = new Patience(vertx, Patience.Limits.DEFAULT, router);
    var made = vertx.createHttpServer(options).requestHandler(patience)
        .connectionHandler(patience::connected)
        .invalidRequestHandler(HttpDoor::refuseUnreadable);
    server = made;
    return made.listen();
  }

  int port() {
    return server == null ? 0 : server.actualPort();
  }

  @Override
  public Future<?> stop() {
    return server == null ? Future.succeededFuture() : server.close();
  }
}
