package dev.stepcast.realtime.door;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Writes bytes that are encoded already straight into a connection's channel, so that one piece of
 * bytes can be shared by all connections that get the same. Used on the connection's event loop,
 * and only while nobody writes through Vert.x.
 */
final class Pipe extends ChannelInboundHandlerAdapter {
  private static final String VERTX_HANDLER = "handler";
  private static final String HTTP_ENCODER = "httpEncoder";

  private final ChannelHandlerContext context;
  private final Runnable drained;
  private long written;

  private Pipe(ChannelHandlerContext context, Runnable drained) {
    this.context = context;
    this.drained = drained;
  }

  /** The connection of a response whose head is written: bytes are HTTP chunks with their size. */
  static Pipe chunks(HttpServerRequest request, Runnable drained) {
    var channel = ((ConnectionBase) request.connection()).channel();
    return new Pipe(channel.pipeline().context(HTTP_ENCODER), drained).hear();
  }

  /** The connection of what has become a WebSocket: bytes are whole frames with their header. */
  static Pipe frames(HttpConnection upgraded, Runnable drained) {
    var channel = ((ConnectionBase) upgraded).channel();
    return new Pipe(channel.pipeline().context(VERTX_HANDLER), drained).hear();
  }

  /** Writes and gives up {@code bytes}. */
  void write(ByteBuf bytes) {
    written += bytes.readableBytes();
    var _ = context.writeAndFlush(bytes, context.voidPromise());
  }

  /** Whether bytes wait that the client has not taken. */
  boolean full() {
    return !context.channel().isWritable();
  }

  /** How many bytes the kernel has taken so far; stands still while the client takes none. */
  long moved() {
    var waiting = context.channel().unsafe().outboundBuffer();
    return waiting == null ? written : written - waiting.totalPendingWriteBytes();
  }

  /** Ends the connection at once, past Vert.x, which would wait; what waits is dropped. */
  void cut() {
    var _ = context.close();
  }

  /** Leaves the connection to Vert.x alone. */
  void leave() {
    if (context.pipeline().context(this) != null) {
      context.pipeline().remove(this);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    ctx.fireChannelWritabilityChanged();
    if (ctx.channel().isWritable()) {
      drained.run();
    }
  }

  private Pipe hear() {
    context.pipeline().addBefore(VERTX_HANDLER, null, this);
    return this;
  }
}
