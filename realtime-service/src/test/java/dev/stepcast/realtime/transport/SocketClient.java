package dev.stepcast.realtime.transport;

import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.internal.http.WebSocketInternal;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A client that keeps the ids it got by channel, as ours does. */
final class SocketClient implements Client {
  private static final Vertx VERTX = Vertx.vertx();
  private static final WebSocketClient CLIENT = VERTX
      .createWebSocketClient(new WebSocketClientOptions().setMaxFrameSize(1 << 24)
          .setMaxMessageSize(1 << 24).setMaxConnections(10_000));

  private final List<JsonObject> frames = new CopyOnWriteArrayList<>();
  private final Map<String, String> acks = new LinkedHashMap<>();
  private final ClientWebSocket socket;
  private volatile boolean ended;

  /** Handlers are set before it connects: the first frame may come with the handshake. */
  private SocketClient(ClientWebSocket socket) {
    this.socket = socket;
    socket.textMessageHandler(text -> text.lines().map(JsonObject::new).forEach(this::read));
    socket.closeHandler(_ -> ended = true);
  }

  static final Transport TRANSPORT = new Transport() {
    @Override
    public Client connect(int port, Map<String, String> acks, String resume) {
      var all = new LinkedHashMap<>(acks);
      resume.lines().forEach(line -> all.put(line.substring(line.indexOf(' ') + 1),
          line.substring(0, line.indexOf(' '))));
      return open(port, SseClient.path(all), Map.of());
    }

    @Override
    public String resume(Client client) {
      var known = ((SocketClient) client).acks;
      synchronized (known) {
        var text = new StringBuilder();
        known.forEach((channel, ack) -> text.append(ack).append(' ').append(channel).append('\n'));
        return text.toString();
      }
    }
  };

  static SocketClient open(int port, String path, Map<String, String> headers) {
    var options = new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI(path);
    headers.forEach(options::addHeader);
    var client = new SocketClient(CLIENT.webSocket());
    RunningNode.get(client.socket.connect(options));
    return client;
  }

  void send(JsonObject frame) {
    RunningNode.get(socket.writeTextMessage(frame.encode()));
  }

  void send(String text) {
    RunningNode.get(socket.writeTextMessage(text));
  }

  /** The code that the server closed with. */
  int closeCode() {
    return socket.closeStatusCode() == null ? 0 : socket.closeStatusCode();
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
    var _ = ((WebSocketInternal) socket).channelHandlerContext().close();
  }

  @Override
  public void stall(boolean on) {
    if (on) {
      socket.pause();
    } else {
      socket.resume();
    }
  }

  @Override
  public void close() {
    cut();
  }

  private void read(JsonObject frame) {
    frames.add(frame);
    synchronized (acks) {
      if ("connected".equals(frame.getString("type"))) {
        acks.put(frame.getString("channel"), frame.getString("cursor"));
      } else if (frame.containsKey("id")) {
        acks.put(frame.getString("channel"), frame.getString("id"));
      }
    }
  }
}
