package dev.stepcast.realtime.warm;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** One connection of a warm-up. It understands nothing: it counts the events' marks. */
final class Visitor {
  static final char MARK = '^';

  private static final byte[] CONNECTED = "connected".getBytes(StandardCharsets.US_ASCII);

  private final SocketChannel socket;
  private boolean connected;
  private boolean over;
  private int matched;
  private int marks;

  private Visitor(SocketChannel socket) {
    this.socket = socket;
  }

  static Visitor open(Selector selector, String host, int port, String request)
      throws IOException {
    var socket = SocketChannel.open(new InetSocketAddress(host, port));
    var visitor = new Visitor(socket);
    socket.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
    socket.configureBlocking(false);
    socket.register(selector, SelectionKey.OP_READ, visitor);
    return visitor;
  }

  static String sse(String channel, String grant) {
    return request(channel, grant) + "Accept: text/event-stream\r\n\r\n";
  }

  static String socket(String channel, String grant) {
    return request(channel, grant) + "Connection: Upgrade\r\nUpgrade: websocket\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  }

  private static String request(String channel, String grant) {
    return "GET /api/realtime?channel=" + channel + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        + "Authorization: Bearer " + grant + "\r\n";
  }

  /** Whether it still waits to be connected, or to hear {@code wanted} events. */
  boolean lacks(int wanted) {
    return !over && (!connected || marks < wanted);
  }

  void read(ByteBuffer into) {
    try {
      int got = socket.read(into.clear());
      over |= got < 0;
      for (int i = 0; i < got; i++) {
        see(into.get(i));
      }
    } catch (IOException _) {
      over = true;
    }
    if (over) {
      close();
    }
  }

  void close() {
    try {
      socket.close();
    } catch (IOException _) {
      // it is of no further use
    }
  }

  private void see(byte b) {
    if (connected) {
      marks += b == MARK ? 1 : 0;
    } else {
      matched = b == CONNECTED[matched] ? matched + 1 : b == CONNECTED[0] ? 1 : 0;
      connected = matched == CONNECTED.length;
    }
  }
}
