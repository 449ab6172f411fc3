package dev.stepcast.realtime.door;

import dev.stepcast.platform.problem.Problem;
import dev.stepcast.realtime.door.Access.Rights;
import dev.stepcast.realtime.node.Loop;
import dev.stepcast.schemas.ServerFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.vertx.core.Future;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;

/** WebSocket connections of one loop: the same frames as SSE, and what clients ask in theirs. */
final class Sockets {
  private static final int FRAME_BYTES_MAX = 64 * 1024;
  private static final long FIRST_FRAME_WITHIN_MS = 10_000;

  private final Access access;
  private final Loop loop;
  private final RealtimeRoutes.Terms terms;
  private final Errands.Services services;
  private final Gather gather = new Gather.Lines();

  Sockets(Access access, Loop loop, RealtimeRoutes.Terms terms, Errands.Services services) {
    this.services = services;
    this.access = access;
    this.loop = loop;
    this.terms = terms;
  }

  /** Answers the handshake, then listens to what the URL asked for. */
  void open(RoutingContext ctx, Ask ask, Rights rights) {
    ask.limit(Desk.CHANNELS_MAX);
    var connection = ctx.request().connection();
    var address = terms.gate().address(ctx.request());
    ctx.request().toWebSocket().onFailure(ctx::fail)
        .onSuccess(socket -> new Opened(socket, address).begin(connection, ask, rights));
  }

  /** An open socket as a stream's wire. */
  private final class Opened implements Stream.Wire, Desk.Outside {
    private final ServerWebSocket socket;
    private final Stream stream;
    private final Desk desk;

    Opened(ServerWebSocket socket, String address) {
      this.socket = socket;
      this.stream = new Stream(this, loop, terms);
      stream.enter(terms.gate(), address);
      this.desk = new Desk(stream, loop, new Errands(stream, services), this);
    }

    void begin(HttpConnection connection, Ask ask, Rights rights) {
      loop.add(stream);
      stream.open(Pipe.frames(connection, stream::drained));
      socket.closeHandler(_ -> stream.gone());
      socket.exceptionHandler(this::broken);
      socket.textMessageHandler(this::read);
      socket.binaryMessageHandler(_ -> stream.end(Goodbye.BAD_FRAME));
      if (ask.channels().isEmpty()) {
        loop.later(FIRST_FRAME_WITHIN_MS, () -> {
          if (!desk.wasAsked()) {
            stream.end(Goodbye.BAD_FRAME);
          }
        });
      }
      desk.open(ask, rights);
    }

    /** The protocol is broken, or the connection, which then hears nothing of it. */
    private void broken(Throwable cause) {
      boolean corrupted = cause instanceof CorruptedWebSocketFrameException;
      boolean tooLarge = corrupted
          ? ((CorruptedWebSocketFrameException) cause).closeStatus()
              .equals(WebSocketCloseStatus.MESSAGE_TOO_BIG)
          : cause instanceof IllegalStateException; // the parts of a message together
      if (corrupted || tooLarge) {
        stream.end(tooLarge ? Goodbye.FRAME_TOO_LARGE : Goodbye.PROTOCOL);
      } else {
        socket.close();
      }
    }

    private void read(String text) {
      if (text.length() > FRAME_BYTES_MAX) {
        stream.end(Goodbye.FRAME_TOO_LARGE);
      } else if (stream.isOpen()) {
        desk.read(text);
      }
    }

    @Override
    public Future<Rights> granted(Rights before, String token) {
      return access.grants().verify(token)
          .map(grant -> grant == null ? before : before.with(grant));
    }

    @Override
    public Future<Rights> checked(Rights before, List<String> channels) {
      return access.checked(before, channels);
    }

    @Override
    public void revoked(String channel, String subject) {
      desk.revoked(channel, subject);
    }

    @Override
    public void resynced(String channel) {
      desk.resynced(channel);
    }

    @Override
    public Gather gather() {
      return gather;
    }

    @Override
    public boolean tellsPositions() {
      return false;
    }

    @Override
    public void end(Goodbye why) {
      socket.close(why.code(), why.words());
    }

    @Override
    public boolean belongsTo(String subject) {
      return desk.belongsTo(subject);
    }

    @Override
    public String subject() {
      return desk.subject();
    }

    @Override
    public void unsubscribed(String channel) {
      stream.leave(channel);
      stream.tell(new ServerFrame.Unsubscribed(List.of(channel), Frames.body(Problem.of(403,
          "unsubscribed", "No longer listened to", "An operator ended it.")), null));
    }

    @Override
    public void rightsEnded(Instant now) {
      desk.rightsEnded(now);
    }
  }
}
