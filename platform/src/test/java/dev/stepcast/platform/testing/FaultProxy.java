package dev.stepcast.platform.testing;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A bad network between a client and a TCP server on loopback: it cuts, holds back, and swallows
 * bytes on demand. Use it instead of the server's own port.
 */
public final class FaultProxy {
  private final Vertx vertx;
  private final SocketAddress target;
  private final Set<NetSocket> ends = ConcurrentHashMap.newKeySet();
  private final Set<NetSocket> stranded = ConcurrentHashMap.newKeySet();
  /** One for all: a client that nobody holds is collected, and its sockets are closed with it. */
  private final NetClient upstreams;
  private final NetServer server;
  private volatile long delayMs;
  private volatile boolean blackHole;
  private volatile boolean refusing;

  private FaultProxy(Vertx vertx, int targetPort) {
    this.vertx = vertx;
    this.target = SocketAddress.inetSocketAddress(targetPort, "127.0.0.1");
    this.upstreams = vertx.createNetClient();
    this.server = vertx.createNetServer().connectHandler(this::join);
  }

  /** A proxy on a free port in front of {@code targetPort}. */
  public static Future<FaultProxy> start(Vertx vertx, int targetPort) {
    var proxy = new FaultProxy(vertx, targetPort);
    return proxy.server.listen(0, "127.0.0.1").map(proxy);
  }

  /** Where clients connect. */
  public int port() {
    return server.actualPort();
  }

  /** Cuts every open connection, without a goodbye. */
  public void cutAll() {
    ends.forEach(NetSocket::close);
  }

  /** Cuts every open connection with a TCP reset: what was on its way is lost. */
  public void resetAll() {
    ends.forEach(end -> {
      var channel = ((NetSocketInternal) end).channelHandlerContext().channel();
      try {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
      } catch (ChannelException _) {
        // it was closed meanwhile
      }
      end.close();
    });
  }

  /**
   * From here on everything on the connections open now is swallowed, for ever and without a word;
   * new connections work.
   */
  public void strandAll() {
    stranded.addAll(ends);
  }

  /** Holds every chunk back by {@code ms} from now on; 0 for not at all. */
  public void delay(long ms) {
    delayMs = ms;
  }

  /** Swallows everything in both directions while on: connections look alive and are not. */
  public void blackHole(boolean on) {
    blackHole = on;
  }

  /** Refuses new connections while on. */
  public void refuse(boolean on) {
    refusing = on;
  }

  /** Ends the proxy and all it carries. */
  public Future<Void> close() {
    cutAll();
    return server.close();
  }

  private void join(NetSocket client) {
    if (refusing) {
      client.close();
      return;
    }
    client.pause();
    upstreams.connect(target).onFailure(_ -> client.close())
        .onSuccess(upstream -> {
          carry(client, upstream);
          carry(upstream, client);
          client.resume();
        });
  }

  private void carry(NetSocket from, NetSocket to) {
    ends.add(from);
    from.handler(chunk -> pass(chunk, to));
    from.closeHandler(_ -> {
      ends.remove(from);
      stranded.remove(from);
      to.close();
    });
    from.exceptionHandler(_ -> from.close());
  }

  private void pass(Buffer chunk, NetSocket to) {
    if (blackHole || stranded.contains(to)) {
      return;
    }
    if (delayMs > 0) {
      vertx.setTimer(delayMs, _ -> to.write(chunk));
    } else {
      to.write(chunk);
    }
  }
}
